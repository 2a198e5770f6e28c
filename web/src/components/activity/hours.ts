import { t } from '@lingui/core/macro'
import { inOwnLanguage } from '../own-language'

const numbers = (options: Intl.NumberFormatOptions) => inOwnLanguage((language) => new Intl.NumberFormat(language, options))
const twoDecimals = numbers({ minimumFractionDigits: 2, maximumFractionDigits: 2 })
const signed = numbers({ minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' })
const percent = numbers({ style: 'percent', maximumFractionDigits: 1, minimumFractionDigits: 1 })
const signedPercent = numbers({ style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' })
const whole = numbers({})

export const count = (number: number) => whole().format(number)

/** Seconds as hours with two decimals: "1,234.50". */
export const hours = (seconds: number) => twoDecimals().format(seconds / 3600)
/** The same with its sign: "+12.00". */
export const signedHours = (seconds: number) => signed().format(seconds / 3600)
/** A share as "12.5%". */
export const share = (part: number) => percent().format(part)

/** By how much more a number is than another: "+25%"; nothing where there was none before. */
export function change(now: number, before: number): string {
  return before > 0 ? signedPercent().format(now / before - 1) : '–'
}

/** Seconds as people say them: "31 h 12 min", "4 min", "12 s". */
export function spoken(seconds: number): string {
  if (seconds > 0 && seconds < 60) return `${Math.max(1, Math.floor(seconds))} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return t`${minutes} min`
  return t`${whole().format(Math.floor(minutes / 60))} h ${minutes % 60} min`
}
