import { t } from '@lingui/core/macro'
import type { Recording } from '../../api/recordings'
import { RelativeTime } from '../../components/relative-time'
import classes from './recordings.module.css'

/** Who was given a recording, and when; its owner sees the same. */
export function Looks({ looks }: { looks: Recording['looks'] }) {
  if (looks.length === 0) return <p className={classes.kept}>{t`Nobody yet.`}</p>
  return (
    <ol className={classes.looks} aria-label={t`Who was given it`}>
      {looks.map(({ at, user }) => (
        <li key={`${at} ${user.id}`}>
          {user.username}, <RelativeTime at={at} />
        </li>
      ))}
    </ol>
  )
}
