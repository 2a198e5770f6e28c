import { TextInput } from '@mantine/core'
import { focusWhenThere } from './focus-when-there'

type Props = { label: string; description?: string; value: string; onChange: (code: string) => void }

/** Takes a code of an app; phones show digits first and offer what came by message. */
export function CodeField({ label, description, value, onChange }: Props) {
  return (
    <TextInput
      label={label}
      description={description}
      autoComplete="one-time-code"
      inputMode={description === undefined ? 'numeric' : 'text'}
      autoCapitalize="none"
      spellCheck={false}
      required
      withAsterisk={false}
      maxLength={64}
      data-autofocus
      ref={focusWhenThere}
      value={value}
      onChange={(event) => {
        onChange(event.currentTarget.value)
      }}
    />
  )
}
