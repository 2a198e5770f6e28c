import { t } from '@lingui/core/macro'
import type { OpenNow, Seat } from '../../api/rooms'
import { ownLanguage } from '../own-language'
import { seatLooks } from '../seat-state'

const minute = 60_000
const day = 24 * 60 * minute

/** How long something has lasted, short enough for a seat: "4 min", "2 h 5 min", "3 d". */
export function lasting(since: string, now: number): string {
  const past = Math.max(0, now - Date.parse(since))
  if (past < minute) return '< 1 min'
  const minutes = Math.floor(past / minute)
  if (minutes < 60) return t`${minutes} min`
  return past < day ? t`${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(past / day)} d`
}

/** What a seat shows beneath its name: who sits there, or what it is. */
export function occupant({ username, state }: Seat): string {
  return username ?? seatLooks()[state].word
}

/** How long a seat is what it is. */
export function duration({ state, since }: Seat, now: number): string | null {
  if (since === null) return null
  return state === 'offline' ? t`seen ${lasting(since, now)} ago` : lasting(since, now)
}

/** All that is to say of a seat, for those who hear it. It begins with what others see, so that one can speak of it. */
export function sentence(seat: Seat, now: number): string {
  const seen = [seat.device, occupant(seat), duration(seat, now)].filter(Boolean).join(' ')
  const state = seat.username && seatLooks()[seat.state].word.toLowerCase()
  const where = seat.row === null ? t`without a place` : t`row ${seat.row}, column ${seat.column ?? ''}`
  return [seen, state, where].filter(Boolean).join(', ')
}

/** Whether a room is open, in the room's own time. */
export function openingWords({ is_open, until }: OpenNow, zone: string, now: number): string {
  if (until === null) return is_open ? t`Open around the clock` : t`Closed`
  const when = moment(new Date(until), new Date(now), zone)
  return is_open ? t`Open until ${when}` : t`Closed now, opens ${when}`
}

function moment(at: Date, now: Date, zone: string): string {
  const say = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(ownLanguage(), { timeZone: zone, ...options }).format(at)
  const time = say({ timeStyle: 'short' })
  const dateOf = (date: Date) => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(date)
  if (dateOf(at) === dateOf(now)) return time
  const isSoon = at.getTime() - now.getTime() < 6 * day
  const named: Intl.DateTimeFormatOptions = isSoon ? { weekday: 'long' } : { weekday: 'short', day: 'numeric', month: 'short' }
  return `${say(named)} ${time}`
}

/** How many letters all names begin with in common, so that without them each is told by its own: 8 of "lab07-pc01". */
export function commonStart(seats: Seat[]): number {
  const names = seats.flatMap(({ device }) => device ?? [])
  const [first = '', ...others] = names
  if (others.length === 0) return 0
  let length = first.length
  for (const name of others) while (!name.startsWith(first.slice(0, length))) length -= 1
  return first.slice(0, length).replace(/\d+$/, '').length
}
