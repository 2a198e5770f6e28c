import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import type { RestoredApplication, Restore } from '../../api/restores'
import { restoreQuery } from '../../api/restores'
import { Pill } from '../status'
import { ApplicationBadge } from './application-badge'
import { lookOf, summaryOf } from './restore-looks'
import classes from './restore.module.css'

/** How far each application of a restore is; the stream of events keeps it level. */
export function RestoreProgress({ restore: begun }: { restore: Restore }) {
  const { data: restore = begun } = useQuery(restoreQuery(begun.run))
  const isOver = restore.state === 'finished'
  return (
    <>
      <p role="status">{summaryOf(restore)}</p>
      {restore.reason && <p className={classes.reason}>{restore.reason}</p>}
      {restore.applications.length > 0 && (
        <ul className={classes.applications} aria-label={t`Applications`}>
          {restore.applications.map((application) => (
            <Progress key={application.key} application={application} isOver={isOver} />
          ))}
        </ul>
      )}
    </>
  )
}

function Progress({ application, isOver }: { application: RestoredApplication; isOver: boolean }) {
  const { application: identity, name, state, reason, suggestion } = application
  return (
    <li>
      <div className={classes.application}>
        <ApplicationBadge application={identity} name={name} />
        <Pill {...lookOf(state, isOver)} />
      </div>
      {reason && <p className={classes.reason}>{reason}</p>}
      {suggestion && <p className={classes.suggestion}>{suggestion}</p>}
    </li>
  )
}
