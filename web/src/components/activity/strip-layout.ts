import { t } from '@lingui/core/macro'
import type { Piece } from '../../api/activity'
import { inOwnLanguage } from '../own-language'
import { boundsOf, clockTime } from './dates'

export type Bounds = { start: number; end: number }

/** A piece on a strip: where it begins and how long it is in per cent of the day, and on which track. */
export type Placed = { piece: Piece; left: number; width: number; track: number }

/** What a strip shows, from the top: open windows that nobody looks at are left out. */
export const lanes = inOwnLanguage(() => ([
  { kind: 'presence', name: t`Presence` },
  { kind: 'event', name: t`Events` },
  { kind: 'application', name: t`Applications` },
] as const))

/** The pieces of a kind that fall into a day, cut to it, where they belong; what overlaps gets tracks of its own. */
export function place(pieces: Piece[], kind: Piece['kind'], day: Bounds): Placed[] {
  const freeFrom: number[] = []
  return pieces
    .filter((piece) => piece.kind === kind && isWithin(piece, day))
    .toSorted((one, other) => Date.parse(one.start) - Date.parse(other.start))
    .map((piece) => {
      const { start, end } = cut(piece, day)
      const known = freeFrom.findIndex((free) => free <= start)
      const track = known < 0 ? freeFrom.length : known
      freeFrom[track] = end
      return { piece, left: percent(start, day), width: percent(end, day) - percent(start, day), track }
    })
}

const isWithin = ({ start, end }: Piece, day: Bounds) => Date.parse(start) < day.end && Date.parse(end) > day.start

/** A piece's times in milliseconds, within the day. */
export function cut(piece: Piece, day: Bounds): Bounds {
  return { start: Math.max(Date.parse(piece.start), day.start), end: Math.min(Date.parse(piece.end), day.end) }
}

const percent = (time: number, { start, end }: Bounds) => (100 * (time - start)) / (end - start)

export type Tick = { left: number; label: string }

const hour = 3_600_000

/** Every third hour on the wall, at its place: hours are skipped or come twice when the clock is changed. */
export function ticksOf(day: string, zone: string): Tick[] {
  const bounds = boundsOf(day, zone)
  const ticks: Tick[] = []
  for (let time = bounds.start; time < bounds.end; time += hour) {
    const label = clockTime(time, zone)
    if (Number(label.slice(0, 2)) % 3 === 0) ticks.push({ left: percent(time, bounds), label })
  }
  return ticks
}
