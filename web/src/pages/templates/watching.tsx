import { Checkbox, NativeSelect } from '@mantine/core'
import { clipboardWords, type Policy } from '../../components/clipboard-words'
import type { FieldsProps } from './editor'

const policies: { value: Policy; label: string }[] = [
  { value: 'both', label: 'Both ways' },
  { value: 'in', label: 'Only into the desktop' },
  { value: 'out', label: 'Only out of the desktop' },
  { value: 'none', label: 'Not at all' },
]

/** Which ways text may be copied, and whether what is shown is recorded. */
export function Watching({ wish, onChange }: FieldsProps) {
  return (
    <fieldset>
      <legend>Watching and copying</legend>
      <NativeSelect
        label="Copying text by the clipboard"
        description={clipboardWords[wish.clipboard]}
        data={policies}
        value={wish.clipboard}
        onChange={(event) => {
          onChange({ clipboard: event.currentTarget.value as Policy })
        }}
      />
      <Checkbox
        label="Record what its desktops show"
        description="Whoever opens one is told before and while it is recorded, and sees who was given a recording."
        checked={wish.is_recorded}
        onChange={(event) => {
          onChange({ is_recorded: event.currentTarget.checked })
        }}
      />
      <p>Both hold for whoever opens a desktop from now on, those that run included.</p>
    </fieldset>
  )
}
