import { t } from '@lingui/core/macro'
import { TextInput, type TextInputProps } from '@mantine/core'

type Props = Omit<TextInputProps, 'value' | 'onChange'> & { name: string; onChange: (name: string) => void }

/** Takes what a thing is called: the first field of the dialog that makes or changes it. */
export function NameField({ name, onChange, ...others }: Props) {
  return (
    <TextInput
      label={t`Name`}
      maxLength={64}
      autoComplete="off"
      data-autofocus
      value={name}
      onChange={(event) => {
        onChange(event.currentTarget.value)
      }}
      {...others}
    />
  )
}
