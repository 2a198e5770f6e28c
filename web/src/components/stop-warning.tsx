import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconClockExclamation } from '@tabler/icons-react'
import type { Desktop } from '../api/client'
import { useKeep } from '../api/keep'
import { showProblem } from './notices'
import { useUser } from './signed-in'
import classes from './stop-warning.module.css'
import { countdown, exact } from './time'
import { useNow } from './use-now'

/** Tells that a desktop will be stopped by itself, when and why, and lets its owner keep it. */
export function StopWarning({ desktop }: { desktop: Desktop }) {
  const keep = useKeep()
  const user = useUser()
  const { stop, id, name, owner } = desktop
  if (!stop) return null
  return (
    <div className={classes.warning}>
      <IconClockExclamation size={22} aria-hidden="true" />
      <div className={classes.words}>
        <p>
          <strong>
            <Trans>{name} will be stopped in <TimeLeft until={stop.at} /></Trans>
          </strong>
        </p>
        <p role="status">{stop.reason}</p>
      </div>
      {stop.can_be_kept && owner.id === user.id && (
        <Button
          size="xs"
          aria-label={t`Keep it: ${name}`}
          loading={keep.isPending}
          onClick={() => {
            keep.mutateAsync(id).catch(showProblem)
          }}
        >
          {t`Keep it`}
        </Button>
      )}
    </div>
  )
}

function TimeLeft({ until }: { until: string }) {
  const now = useNow(250)
  return (
    <time dateTime={until} title={exact(until)}>
      {countdown(until, now)}.
    </time>
  )
}
