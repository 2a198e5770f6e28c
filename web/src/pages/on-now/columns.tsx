import { t } from '@lingui/core/macro'
import { IconLogout, IconMoonFilled } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { PlaceLink } from '../../components/place-link'
import { RelativeTime } from '../../components/relative-time'
import { spoken } from '../../components/activity/hours'
import table from '../../components/data-table.module.css'
import status from '../../components/status.module.css'
import { exact } from '../../components/time'
import { useNow } from '../../components/use-now'
import classes from './on-now.module.css'
import type { SignIn } from '../../api/sign-ins'
import { inOwnLanguage } from '../../components/own-language'
import type { Row as SteadyRow } from '../../components/steady-rows'

type Row = SteadyRow<SignIn>
export type Column = { name: string; width: string; cell: (row: Row) => ReactNode }

const wide = inOwnLanguage((): Column[] => [
  { name: t`Person`, width: '24%', cell: Person },
  { name: t`Computer`, width: '15%', cell: Computer },
  { name: t`Room`, width: '14%', cell: Room },
  { name: t`Doing`, width: '20%', cell: doing },
  { name: t`Since`, width: '14%', cell: Since },
  { name: t`Status`, width: '13%', cell: Status },
])
const narrow = inOwnLanguage((): Column[] => [
  { name: t`Person`, width: '37%', cell: twoLines(Name, doing) },
  { name: t`Computer`, width: '28%', cell: twoLines(Computer, Room) },
  { name: t`Since`, width: '35%', cell: twoLines(Since, Status) },
])

/** What a row shows: on a phone in fewer columns of two lines. */
export const columnsFor = (isNarrow: boolean) => (isNarrow ? narrow() : wide())

function twoLines(First: Column['cell'], Second: Column['cell']): Column['cell'] {
  return function TwoLines(row) {
    return (
      <>
        {First(row)}
        <span className={classes.second}>{Second(row)}</span>
      </>
    )
  }
}

function Person(row: Row) {
  return (
    <span className={table.pair}>
      {Name(row)}
      <span className={classes.login}>{Login(row)}</span>
    </span>
  )
}

function Name({ item: { user_id, username, full_name } }: Row) {
  return <PlaceLink to={`/people/${user_id}`}>{full_name ?? username}</PlaceLink>
}

function Login({ item: { username, full_name } }: Row) {
  return full_name && username
}

function Computer({ item: { device_id, device } }: Row) {
  return <PlaceLink to={`/devices/${device_id}`}>{device}</PlaceLink>
}

function Room({ item: { room_id, room } }: Row) {
  return room_id !== null && room !== null && <PlaceLink to={`/rooms/${room_id}`}>{room}</PlaceLink>
}

/** What they are there for, and with what, as far as that is reported. */
function doing({ item: { event, application } }: Row) {
  return [event, application].filter(Boolean).join(' · ')
}

function Since({ item: signIn }: Row) {
  return <RelativeTime at={signIn.started_at} />
}

function Status({ item: { idle_since }, hasLeft }: Row) {
  if (hasLeft) {
    return (
      <span className={`${status.status} ${status.quiet}`}>
        <IconLogout size={13} stroke={2.2} aria-hidden="true" />
        {t`Signed out`}
      </span>
    )
  }
  return idle_since && <Idle since={idle_since} />
}

function Idle({ since }: { since: string }) {
  const seconds = Math.max(0, useNow(15_000) - Date.parse(since)) / 1000
  return (
    <span className={`${status.status} ${status.busy}`} title={exact(since)}>
      <IconMoonFilled size={12} aria-hidden="true" />
      {t`Idle ${spoken(seconds)}`}
    </span>
  )
}
