import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { runningRestoreQuery } from '../../api/restores'
import type { Session } from '../../api/sessions'
import { RestoreProgress } from '../../components/session/restore-progress'
import classes from './session.module.css'

/** How far a restore is that goes on now, also for who has just come. */
export function Restoring({ session }: { session: Session }) {
  const { data: running } = useQuery(runningRestoreQuery(session.id))
  if (!running) return null
  return (
    <section className={classes.part} aria-labelledby="restoring">
      <h2 id="restoring">{t`Being restored`}</h2>
      <RestoreProgress restore={running} />
    </section>
  )
}
