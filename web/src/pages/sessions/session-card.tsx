import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { IconDeviceLaptop } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { Session } from '../../api/sessions'
import { spoken } from '../../components/activity/hours'
import cards from '../../components/cards.module.css'
import { RelativeTime } from '../../components/relative-time'
import { ApplicationBadge } from '../../components/session/application-badge'
import { SessionButtons, TrashButtons } from '../../components/session/session-buttons'
import { SessionMenu } from '../../components/session/session-menu'
import { SessionStatus } from '../../components/session/session-status'
import classes from './sessions.module.css'

/** A session at a glance. */
export function SessionCard({ session }: { session: Session }) {
  const isKept = session.deleted_at === null
  return (
    <article className={cards.card} aria-label={session.name}>
      <div className={cards.heading}>
        <h2 title={session.name}>
          <Link to={`/sessions/${session.id}`}>{session.name}</Link>
        </h2>
        <SessionStatus session={session} />
      </div>
      {session.description && <p className={classes.description}>{session.description}</p>}
      <Facts session={session} />
      <Applications session={session} />
      <div className={classes.actions}>
        {isKept ? <SessionButtons session={session} /> : <TrashButtons session={session} />}
        {isKept && (
          <span className={classes.menu}>
            <SessionMenu session={session} />
          </span>
        )}
      </div>
    </article>
  )
}

function Facts({ session }: { session: Session }) {
  return (
    <ul className={classes.facts}>
      <li className={classes.device}>
        <IconDeviceLaptop size={16} aria-hidden="true" />
        {session.device.name}
      </li>
      <li>
        <When session={session} />
      </li>
      <li title={t`How long its applications were in the foreground`}>{t`${spoken(session.total_seconds)} used`}</li>
    </ul>
  )
}

function When({ session }: { session: Session }) {
  if (session.deleted_at) {
    return (
      <>
        <Trans>Thrown away <RelativeTime at={session.deleted_at} /></Trans>
      </>
    )
  }
  if (session.saved_at) {
    return (
      <>
        <Trans>Saved <RelativeTime at={session.saved_at} /></Trans>
      </>
    )
  }
  return (
    <>
      <Trans>Not saved yet, made <RelativeTime at={session.created_at} /></Trans>
    </>
  )
}

const mostShown = 4

function Applications({ session }: { session: Session }) {
  const { applications: open } = session
  if (open.length === 0) return <p className={classes.nothing}>{nothing(session)}</p>
  return (
    <ul className={classes.applications} aria-label={t`Applications`}>
      {open.slice(0, mostShown).map(({ application, name }) => (
        <li key={application}>
          <ApplicationBadge application={application} name={name} />
        </li>
      ))}
      {open.length > mostShown && <li>{t`and ${open.length - mostShown} more`}</li>}
    </ul>
  )
}

function nothing({ saved_at, is_active }: Session): string {
  if (is_active) return t`Nothing was reported as open in it yet.`
  return saved_at === null ? t`Save it to keep what is open.` : t`Nothing was open when it was saved.`
}
