import { t } from '@lingui/core/macro'
import type { Opening } from '../../api/rooms'
import { inOwnLanguage } from '../../components/own-language'

/** From one time of a day to another, as time fields have it: "08:00". */
export type Span = { opens: string; closes: string }
export type Exception = { day: string; spans: Span[] }
/** The days from Monday to Sunday, each with the times at which the room is open, and the days that differ. */
export type OpeningForm = { week: Span[][]; exceptions: Exception[] }

export const weekdays = inOwnLanguage(() => [t`Monday`, t`Tuesday`, t`Wednesday`, t`Thursday`, t`Friday`, t`Saturday`, t`Sunday`])
export const usualSpan: Span = { opens: '08:00', closes: '18:00' }

const midnight = 24 * 60
type Hours = { opens: number; closes: number }

export function formOf({ week, exceptions = [] }: Opening): OpeningForm {
  return {
    week: weekdays().map((_, weekday) => week.filter((one) => one.weekday === weekday).map(spanOf)),
    exceptions: exceptions.map(({ day, hours = [] }) => ({ day, spans: hours.map(spanOf) })),
  }
}

export function openingOf({ week, exceptions }: OpeningForm): Opening {
  return {
    week: week.flatMap((spans, weekday) => spans.map((span) => ({ weekday, ...hoursOf(span) }))),
    exceptions: exceptions.map(({ day, spans }) => ({ day, hours: spans.map(hoursOf) })),
  }
}

/** What has to be put right before it can be saved; null for nothing. */
export function complaint({ week, exceptions }: OpeningForm): string | null {
  const days = exceptions.map(({ day }) => day)
  const named = [...week.map((spans, at) => ({ name: weekdays()[at], spans })), ...exceptions.map(nameOf)]
  const wrong = named.find(({ spans }) => !spans.every(isRight))
  if (days.includes('')) return t`Choose a date for each exception, or remove it.`
  if (new Set(days).size < days.length) return t`There are two exceptions for one day. Put their times into one.`
  if (wrong) return t`${wrong.name ?? ''}: the room has to open before it closes. Split times over midnight in two.`
  return null
}

function nameOf({ day, spans }: Exception) {
  return { name: day, spans }
}

function isRight(span: Span): boolean {
  const { opens, closes } = hoursOf(span)
  return opens < closes
}

/** Midnight at the end of a day reads as 00:00. */
function spanOf({ opens, closes }: Hours): Span {
  return { opens: timeOf(opens), closes: timeOf(closes % midnight) }
}

function hoursOf({ opens, closes }: Span): Hours {
  const end = minutesOf(closes)
  return { opens: minutesOf(opens), closes: end === 0 ? midnight : end }
}

function timeOf(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** Minutes since midnight; of an empty field nothing that is before or after anything. */
function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number)
  return (hours ?? Number.NaN) * 60 + (minutes ?? Number.NaN)
}
