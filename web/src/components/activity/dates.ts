import { Temporal } from 'temporal-polyfill'
import { inOwnLanguage } from '../own-language'

/** Whole days, both of them included, as "2026-03-01". */
export type Range = { from: string; to: string }

export const aDay = (text: string) => Temporal.PlainDate.from(text)

/** Whether a text is a day that a report may begin with. */
export function isDay(text: string | null): text is string {
  if (text === null || !/^(19[7-9]|2\d\d)\d-\d\d-\d\d$/.test(text)) return false
  try {
    return aDay(text).toString() === text
  } catch {
    return false
  }
}

/** Today's date in a zone, at this time in milliseconds. */
export function todayIn(zone: string, now: number): string {
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate().toString()
}

export function isZone(name: string | null): name is string {
  try {
    return name !== null && name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const lengthInDays = ({ from, to }: Range) => aDay(from).until(aDay(to)).days + 1

export const addDays = (day: string, days: number) => aDay(day).add({ days }).toString()

/** Every day of a range, in order. */
export function daysOf(range: Range): string[] {
  return Array.from({ length: lengthInDays(range) }, (_, number) => addDays(range.from, number))
}

/** When a day begins and ends, in milliseconds: 23 or 25 hours apart where the clock is changed. */
export function boundsOf(day: string, zone: string): { start: number; end: number } {
  const midnight = (date: Temporal.PlainDate) => date.toZonedDateTime(zone).epochMilliseconds
  return { start: midnight(aDay(day)), end: midnight(aDay(day).add({ days: 1 })) }
}

const dates = (options: Intl.DateTimeFormatOptions) =>
  inOwnLanguage((language) => new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' }))
const longDay = dates({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
const shortDay = dates({ weekday: 'short', day: 'numeric', month: 'short' })
const plainDay = dates({ day: 'numeric', month: 'short', year: 'numeric' })
const monthAndYear = dates({ month: 'long', year: 'numeric' })
const shortMonth = dates({ month: 'short' })
const noon = (day: string) => new Date(`${day}T12:00:00Z`)

/** "Sunday, 1 March 2026". */
export const sayDay = (day: string) => longDay().format(noon(day))
/** "Sun, 1 Mar". */
export const sayShortDay = (day: string) => shortDay().format(noon(day))
/** "March 2026". */
export const sayMonth = (day: string) => monthAndYear().format(noon(day))
/** "Mar". */
export const sayShortMonth = (day: string) => shortMonth().format(noon(day))
/** "1 Mar 2026". */
export const sayPlainDay = (day: string) => plainDay().format(noon(day))
/** "1 – 7 Mar 2026", or one day alone. */
export const sayRange = ({ from, to }: Range) => plainDay().formatRange(noon(from), noon(to))

/** The time on the wall in a zone, as "09:05". */
export function clockTime(milliseconds: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds)
    .toZonedDateTimeISO(zone)
    .toPlainTime()
    .toString({ smallestUnit: 'minute' })
}
