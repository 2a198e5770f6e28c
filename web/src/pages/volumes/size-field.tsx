import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'

export const gb = 1024

type Props = { sizeMb: number; leastMb: number; onChange: (sizeMb: number) => void }

/** A size in GB, kept in MB. */
export function SizeField({ sizeMb, leastMb, onChange }: Props) {
  return (
    <TextInput
      type="number"
      label={t`Size, GB`}
      required
      min={Math.max(leastMb / gb, 0.1)}
      step="any"
      value={sizeMb === 0 ? '' : sizeMb / gb}
      onChange={(event) => {
        onChange(Math.round(Number(event.currentTarget.value) * gb))
      }}
    />
  )
}
