import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { historyQuery } from '../api/all-desktops'
import type { Desktop } from '../api/client'
import { messageOf } from '../api/problem'
import classes from './history.module.css'
import { RelativeTime } from './relative-time'
import { Status } from './status'

/** The states that a desktop came into, newest first: when, why, and by whose wish. */
export function History({ desktop: { id, state_since } }: { desktop: Desktop }) {
  const { data, error } = useQuery(historyQuery(id, state_since))
  if (error) return <p role="alert">{messageOf(error)}</p>
  return (
    <ol className={classes.history} aria-label={t`What happened, newest first`} aria-busy={!data}>
      {data?.map((change) => (
        <li key={change.id}>
          <Status state={change.state} />
          <span>{change.reason ?? (change.actor && t`by ${change.actor.username}`)}</span>
          <RelativeTime at={change.at} />
        </li>
      ))}
    </ol>
  )
}
