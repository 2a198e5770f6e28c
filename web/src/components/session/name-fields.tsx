import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import { focusWhenThere } from '../focus-when-there'

export type Naming = { name: string; description: string }

type Props = { naming: Naming; error: string | undefined; isNameRequired?: boolean; onChange: (naming: Naming) => void }

/** The name of a session and what it is for. */
export function NameFields({ naming, error, isNameRequired = false, onChange }: Props) {
  return (
    <>
      <TextInput
        label={t`Name`}
        description={isNameRequired ? undefined : t`Leave it empty to get one of three words.`}
        placeholder={t`Thesis`}
        required={isNameRequired}
        maxLength={100}
        autoComplete="off"
        ref={focusWhenThere}
        data-autofocus
        error={error}
        value={naming.name}
        onChange={(event) => {
          onChange({ ...naming, name: event.currentTarget.value })
        }}
      />
      <TextInput
        label={t`What it is for`}
        maxLength={1000}
        autoComplete="off"
        value={naming.description}
        onChange={(event) => {
          onChange({ ...naming, description: event.currentTarget.value })
        }}
      />
    </>
  )
}
