import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconDeviceLaptop } from '@tabler/icons-react'
import { Link } from 'react-router'
import { applicationsQuery, type Session } from '../../api/sessions'
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
      <li title="How long its applications were in the foreground">{spoken(session.total_seconds)} used</li>
    </ul>
  )
}

function When({ session }: { session: Session }) {
  if (session.deleted_at) {
    return (
      <>
        Thrown away <RelativeTime at={session.deleted_at} />
      </>
    )
  }
  if (session.saved_at) {
    return (
      <>
        Saved <RelativeTime at={session.saved_at} />
      </>
    )
  }
  return (
    <>
      Not saved yet, made <RelativeTime at={session.created_at} />
    </>
  )
}

const mostShown = 4

function Applications({ session }: { session: Session }) {
  const { data } = useQuery(applicationsQuery(session.id))
  if (!data) return <Skeleton height={24} radius={7} aria-hidden="true" />
  const open = data.filter(({ is_open }) => is_open)
  if (open.length === 0) return <p className={classes.nothing}>{nothing(session)}</p>
  return (
    <ul className={classes.applications} aria-label="Applications">
      {open.slice(0, mostShown).map(({ application, name, exe, command }) => (
        <li key={JSON.stringify([application, exe, command])}>
          <ApplicationBadge application={application} name={name} />
        </li>
      ))}
      {open.length > mostShown && <li>and {open.length - mostShown} more</li>}
    </ul>
  )
}

function nothing({ saved_at, is_active }: Session): string {
  if (is_active) return 'Nothing was reported as open in it yet.'
  return saved_at === null ? 'Save it to keep what is open.' : 'Nothing was open when it was saved.'
}
