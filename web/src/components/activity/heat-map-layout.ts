import { t } from '@lingui/core/macro'
import { inOwnLanguage } from '../own-language'
import { aDay, daysOf, sayShortMonth, type Range } from './dates'
import { monday } from './ranges'

export const weekdays = inOwnLanguage(() => [t`Monday`, t`Tuesday`, t`Wednesday`, t`Thursday`, t`Friday`, t`Saturday`, t`Sunday`])

/** The days of a range in seven rows, Monday first, a column for each week; null where a week has other days. */
export function weeksOf(range: Range): (string | null)[][] {
  const days = daysOf({ from: monday(range.from), to: range.to })
  return weekdays().map((_, row) =>
    days.filter((_, number) => number % 7 === row).map((day) => (day >= range.from ? day : null)),
  )
}

export type MonthHead = { name: string; weeks: number }

/** The months over the columns, each over the weeks that begin in it. */
export function monthsOf(range: Range): MonthHead[] {
  const heads: MonthHead[] = []
  let seen = ''
  for (let week = monday(range.from); week <= range.to; week = aDay(week).add({ days: 7 }).toString()) {
    const day = week < range.from ? range.from : week
    const month = day.slice(0, 7)
    if (month !== seen) heads.push({ name: sayShortMonth(day), weeks: 0 })
    seen = month
    const head = heads.at(-1)
    if (head) head.weeks += 1
  }
  return heads
}

/** The shades of a day: none, and then up to so many hours. The same for everyone, so that two maps compare. */
export const shades = inOwnLanguage(() => [
  { level: 0, name: 'none', upTo: 0 },
  { level: 1, name: t`up to 2 h`, upTo: 2 },
  { level: 2, name: t`up to 4 h`, upTo: 4 },
  { level: 3, name: t`up to 6 h`, upTo: 6 },
  { level: 4, name: t`up to 8 h`, upTo: 8 },
  { level: 5, name: 'more', upTo: Infinity },
])

export function levelOf(seconds: number): number {
  return shades().find(({ upTo }) => seconds <= upTo * 3600)?.level ?? 0
}

const moves: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7 }

/** The day that a key leads to from a day, within the range. */
export function dayByKey(key: string, day: string, range: Range): string | null {
  if (key === 'Home') return range.from
  if (key === 'End') return range.to
  const move = moves[key]
  if (move === undefined) return null
  const next = aDay(day).add({ days: move }).toString()
  return next >= range.from && next <= range.to ? next : day
}
