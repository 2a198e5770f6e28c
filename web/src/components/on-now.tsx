import { t } from '@lingui/core/macro'
import { IconCircleCheck } from '@tabler/icons-react'
import classes from './status.module.css'

/** Somebody is there at this moment. */
export function OnNow() {
  return (
    <span className={`${classes.status} ${classes.good}`}>
      <IconCircleCheck size={14} stroke={2.2} aria-hidden="true" />
      {t`On now`}
    </span>
  )
}
