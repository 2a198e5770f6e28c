import { i18n } from '#words'
import { plural, t } from '@lingui/core/macro'
import { inOwnLanguage } from './own-language'

const dates = (options: Intl.DateTimeFormatOptions) => inOwnLanguage((language) => new Intl.DateTimeFormat(language, options))
const moments = dates({ dateStyle: 'medium', timeStyle: 'long' })
const days = dates({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
const clocks = dates({ timeStyle: 'short' })
const tenths = inOwnLanguage((language) => new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 }))
const units: ['day' | 'hour' | 'minute', number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** How long before `now` (milliseconds) something was, in one unit: "12 minutes ago". */
export function ago(at: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(at)) / 1000)
  const unit = units.find(([, length]) => seconds >= length)
  if (!unit) return t`just now`
  const format = new Intl.RelativeTimeFormat(i18n.locale, { numeric: 'always' })
  return format.format(-Math.floor(seconds / unit[1]), unit[0])
}

/** The exact local time, with the zone's name. */
export function exact(at: string): string {
  return moments().format(new Date(at))
}

/** A span in milliseconds as "0.4 s", "12 s" or "3 min 5 s". */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000
  if (seconds < 10) return `${tenths().format(seconds)} s`
  if (seconds < 60) return `${Math.floor(seconds)} s`
  return t`${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
}

/** How long it is from `now` (milliseconds) until something, in one unit: "7 hours left". */
export function left(until: string, now: number): string {
  const seconds = Math.max(0, (Date.parse(until) - now) / 1000)
  const [name, length] = units.find(([, length]) => seconds >= length) ?? ['minute', 60]
  const number = Math.floor(seconds / length)
  if (name === 'day') return plural(number, { one: '# day left', other: '# days left' })
  if (name === 'hour') return plural(number, { one: '# hour left', other: '# hours left' })
  return plural(number, { one: '# minute left', other: '# minutes left' })
}

/** How long it is from `now` (milliseconds) until something, as "4:05". */
export function countdown(until: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}


/** The local day, as "Sun, 1 Mar 2026". */
export function day(at: string): string {
  return days().format(new Date(at))
}

/** The local time of day, as "09:05". */
export function clock(at: string): string {
  return clocks().format(new Date(at))
}

export function isSameDay(one: string, other: string): boolean {
  return day(one) === day(other)
}

/** The zone in which times are shown, as "Europe/Berlin". */
export function zoneName(): string {
  return clocks().resolvedOptions().timeZone
}
