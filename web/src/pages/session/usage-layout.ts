import type { SessionApplication } from '../../api/sessions'
import { clockTime, todayIn } from '../../components/activity/dates'

export type Bounds = { start: number; end: number }
export type Kind = 'open' | 'foreground'
/** From when to when an application was used; where that is on the strip, in per cent of its length. */
export type Piece = Bounds & { kind: Kind; left: number; width: number }
export type Row = { application: string; name: string; pieces: Piece[] }
export type Tick = { left: number; label: string }

const hour = 3_600_000
const quarter = hour / 4
const mostTicks = 8

/** The days on which a session was used, as "2026-03-01", newest first. */
export function daysUsed(applications: SessionApplication[], zone: string): string[] {
  const days = applications
    .flatMap((one) => [...one.open_periods, ...one.foreground_periods])
    .flatMap(({ started_at, ended_at }) => [started_at, ended_at])
    .map((time) => todayIn(zone, Date.parse(time)))
  return [...new Set(days)].toSorted().toReversed()
}

/** Each application that was used within some time, with what it did; those that were used first come first. */
export function rowsOf(applications: SessionApplication[], within: Bounds): Row[] {
  return applications
    .map(({ application, name, open_periods, foreground_periods }) => ({
      application,
      name,
      pieces: [...pieces(open_periods, 'open', within), ...pieces(foreground_periods, 'foreground', within)],
    }))
    .filter(({ pieces: all }) => all.length > 0)
    .toSorted((one, other) => firstStart([one]) - firstStart([other]))
}

type Periods = SessionApplication['open_periods']

function pieces(periods: Periods, kind: Kind, { start: from, end: until }: Bounds): Piece[] {
  return periods
    .map(({ started_at, ended_at }) => ({
      start: Math.max(Date.parse(started_at), from),
      end: Math.min(Date.parse(ended_at), until),
    }))
    .filter(({ start, end }) => end > start)
    .map(({ start, end }) => ({
      kind,
      start,
      end,
      left: percent(start - from, until - from),
      width: percent(end - start, until - from),
    }))
}

const percent = (part: number, whole: number) => (100 * part) / whole

const firstStart = (rows: Row[]) => Math.min(...rows.flatMap((row) => row.pieces.map(({ start }) => start)))
const lastEnd = (rows: Row[]) => Math.max(...rows.flatMap((row) => row.pieces.map(({ end }) => end)))

/** The part of a day in which something was used, in whole quarters of an hour; the day itself where nothing was. */
export function usedPart(applications: SessionApplication[], day: Bounds): Bounds {
  const rows = rowsOf(applications, day)
  if (rows.length === 0) return day
  return {
    start: Math.max(day.start, Math.floor(firstStart(rows) / quarter) * quarter),
    end: Math.min(day.end, Math.ceil(lastEnd(rows) / quarter) * quarter),
  }
}

/** The times below a strip: each five minutes, or so far apart that they don't touch. */
export function ticksOf({ start, end }: Bounds, zone: string): Tick[] {
  const steps = [quarter / 3, quarter, 2 * quarter, hour, 2 * hour, 3 * hour]
  const step = steps.find((one) => (end - start) / one <= mostTicks) ?? 3 * hour
  const ticks: Tick[] = []
  for (let time = start; time < end; time += step) {
    ticks.push({ left: percent(time - start, end - start), label: clockTime(time, zone) })
  }
  return ticks
}
