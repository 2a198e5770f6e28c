import { t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { useMemo } from 'react'
import type { Online } from '../../api/online'
import type { SignIn } from '../../api/sign-ins'
import { count } from '../../components/activity/hours'
import { useNow } from '../../components/use-now'
import classes from './on-now.module.css'

/** How many are on in all, and how old that is. */
export function Counts({ online: { signIns, at } }: { online: Online }) {
  const { idle, rooms } = useMemo(() => countsOf(signIns), [signIns])
  return (
    <p className={classes.counts}>
      <span>
        <Trans><strong>{count(signIns.size)}</strong> on now</Trans>
      </span>
      <span>
        <Trans><strong>{count(idle)}</strong> idle</Trans>
      </span>
      <span>
        <Trans><strong>{count(rooms)}</strong> <Plural value={rooms} one="room in use" other="rooms in use" /></Trans>
      </span>
      <Updated at={at} />
    </p>
  )
}

export function countsOf(signIns: ReadonlyMap<string, SignIn>): { idle: number; rooms: number } {
  const all = [...signIns.values()]
  const rooms = new Set(all.map(({ room_id }) => room_id))
  rooms.delete(null)
  return { idle: all.filter(({ idle_since }) => idle_since !== null).length, rooms: rooms.size }
}

function Updated({ at }: { at: number }) {
  const seconds = Math.max(0, Math.floor((useNow(1000) - at) / 1000))
  return <span className={classes.updated}>{seconds < 2 ? t`updated just now` : t`updated ${count(seconds)} s ago`}</span>
}
