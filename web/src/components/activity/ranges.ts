import { t } from '@lingui/core/macro'
import { inOwnLanguage } from '../own-language'
import { aDay, addDays, lengthInDays, type Range } from './dates'

export type Preset = { name: string; range: (today: string) => Range }

const first = (day: string, of: 'month' | 'year') =>
  aDay(day)
    .with(of === 'month' ? { day: 1 } : { month: 1, day: 1 })
    .toString()

export const monday = (day: string) => addDays(day, 1 - aDay(day).dayOfWeek)

/** Ranges end today where they are not over: what is to come would be counted as time that nobody used. */
export const presets = inOwnLanguage((): Preset[] => [
  { name: t`Today`, range: (today) => ({ from: today, to: today }) },
  { name: t`This week`, range: (today) => ({ from: monday(today), to: today }) },
  { name: t`Last 7 days`, range: (today) => ({ from: addDays(today, -6), to: today }) },
  { name: t`Last 30 days`, range: (today) => ({ from: addDays(today, -29), to: today }) },
  { name: t`This month`, range: (today) => ({ from: first(today, 'month'), to: today }) },
  { name: t`Last month`, range: lastMonth },
  { name: t`Last 12 months`, range: (today) => ({ from: addDays(aYearBefore(today), 1), to: today }) },
  { name: t`This year`, range: (today) => ({ from: first(today, 'year'), to: today }) },
])

function lastMonth(today: string): Range {
  const to = addDays(first(today, 'month'), -1)
  return { from: first(to, 'month'), to }
}

const aYearBefore = (day: string) => aDay(day).subtract({ years: 1 }).toString()

const isSame = (one: Range, other: Range) => one.from === other.from && one.to === other.to

/** The preset that a range is today. */
export function presetOf(range: Range, today: string): Preset | undefined {
  return presets().find((preset) => isSame(preset.range(today), range))
}

/** The time right before: as many months where they are whole, or else as many days. */
export function periodBefore(range: Range): Range {
  const [from, after] = [aDay(range.from), aDay(range.to).add({ days: 1 })]
  const { months, days } = from.until(after, { largestUnit: 'months' })
  const isWhole = from.day === 1 && days === 0
  const before = isWhole ? from.subtract({ months }) : from.subtract({ days: lengthInDays(range) })
  return { from: before.toString(), to: addDays(range.from, -1) }
}

/** The same days a year before. */
export function yearBefore({ from, to }: Range): Range {
  return { from: aYearBefore(from), to: aYearBefore(to) }
}

export type Comparison = { name: string; range: (range: Range) => Range }

export const comparisons = inOwnLanguage((): Comparison[] => [
  { name: t`The period before`, range: periodBefore },
  { name: t`A year before`, range: yearBefore },
])

/** The comparison that leads from one range to the other. */
export function comparisonOf(range: Range, compared: Range): Comparison | undefined {
  return comparisons().find((comparison) => isSame(comparison.range(range), compared))
}
