import { t } from '@lingui/core/macro'
import { IconPlayerRecordFilled } from '@tabler/icons-react'
import classes from './recorded.module.css'

/** Tells people, before they are, that what a desktop shows them is recorded. */
export function RecordedNotice() {
  return (
    <p className={classes.notice}>
      <IconPlayerRecordFilled size={16} aria-hidden="true" />
      <span>{t`What it shows is recorded, for administrators to play.`}</span>
    </p>
  )
}
