import { t } from '@lingui/core/macro'
import { IconPlayerRecordFilled } from '@tabler/icons-react'
import { useState } from 'react'
import classes from './recorded-sign.module.css'

/** Stays in sight for as long as what is shown may be recorded. */
export function RecordedSign() {
  return (
    <p className={classes.sign} role="status" title={t`What you see is recorded, for administrators to play.`}>
      <IconPlayerRecordFilled size={14} aria-hidden="true" />
      {t`Recorded`}
    </p>
  )
}

/** Whether something has been so since the page was opened: a recording goes on until its connection ends. */
export function useEver(isNow: boolean): boolean {
  const [wasEver, setWasEver] = useState(isNow)
  if (isNow && !wasEver) setWasEver(true)
  return wasEver
}
