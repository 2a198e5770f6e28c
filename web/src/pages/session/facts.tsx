import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Session } from '../../api/sessions'
import { trackingQuery } from '../../api/tracking'
import { spoken } from '../../components/activity/hours'
import { Fact, Facts } from '../../components/facts'
import { RelativeTime } from '../../components/relative-time'
import classes from './session.module.css'

/** What is known of a session as a whole. */
export function SessionFacts({ session }: { session: Session }) {
  return (
    <>
      {session.description && <p className={classes.description}>{session.description}</p>}
      <Facts>
        <Fact name={t`Device`}>{session.device.name}</Fact>
        <Fact name={t`Made`}>
          <RelativeTime at={session.created_at} />
        </Fact>
        <Fact name={t`Saved`}>{session.saved_at ? <RelativeTime at={session.saved_at} /> : t`Not yet`}</Fact>
        <Fact name={t`Restored`}>{session.restored_at ? <RelativeTime at={session.restored_at} /> : t`Never`}</Fact>
        <Fact name={t`Last active`}>{lastActive(session)}</Fact>
        <Fact name={t`Used`}>{spoken(session.total_seconds)}</Fact>
      </Facts>
      {session.is_tracking && session.deleted_at === null && <TrackingHint />}
    </>
  )
}

function lastActive({ is_active, last_active_at }: Session): ReactNode {
  if (is_active) return t`Now`
  return last_active_at ? <RelativeTime at={last_active_at} /> : t`Never`
}

/** Usage is counted only as far as the person and the server allow. */
function TrackingHint() {
  const { data: tracking } = useQuery(trackingQuery)
  if (!tracking || tracking.is_tracked) return null
  return (
    <p className={classes.hint}>
      <Trans>Usage is not counted now: <Link to="/my-devices#collected">see what is collected about you</Link>.</Trans>
    </p>
  )
}
