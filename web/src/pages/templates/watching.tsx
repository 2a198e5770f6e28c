import { t } from '@lingui/core/macro'
import { Checkbox, NativeSelect } from '@mantine/core'
import { clipboardWords, type Policy } from '../../components/clipboard-words'
import { inOwnLanguage } from '../../components/own-language'
import type { FieldsProps } from './editor'

const policies = inOwnLanguage((): { value: Policy; label: string }[] => [
  { value: 'both', label: t`Both ways` },
  { value: 'in', label: t`Only into the desktop` },
  { value: 'out', label: t`Only out of the desktop` },
  { value: 'none', label: t`Not at all` },
])

/** Which ways text may be copied, and whether what is shown is recorded. */
export function Watching({ wish, onChange }: FieldsProps) {
  return (
    <fieldset>
      <legend>{t`Watching and copying`}</legend>
      <NativeSelect
        label={t`Copying text by the clipboard`}
        description={clipboardWords()[wish.clipboard]}
        data={policies()}
        value={wish.clipboard}
        onChange={(event) => {
          onChange({ clipboard: event.currentTarget.value as Policy })
        }}
      />
      <Checkbox
        label={t`Record what its desktops show`}
        description={t`Whoever opens one is told before and while it is recorded, and sees who was given a recording.`}
        checked={wish.is_recorded}
        onChange={(event) => {
          onChange({ is_recorded: event.currentTarget.checked })
        }}
      />
      <p>{t`Both hold for whoever opens a desktop from now on, those that run included.`}</p>
    </fieldset>
  )
}
