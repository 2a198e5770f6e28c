import { t } from '@lingui/core/macro'
import type { SessionApplication } from '../../api/sessions'
import { inOwnLanguage } from '../../components/own-language'

const exactSeconds = inOwnLanguage((language) => new Intl.NumberFormat(language, { maximumFractionDigits: 6 }))

/** "4,332.152 seconds". */
export const exactly = (seconds: number) => t`${exactSeconds().format(seconds)} seconds`

/** When an application was open last, as far as that was counted. */
export function lastUsed({ open_periods, foreground_periods }: SessionApplication): string | null {
  const ends = [...open_periods, ...foreground_periods].map(({ ended_at }) => ended_at)
  return ends.toSorted((one, other) => Date.parse(one) - Date.parse(other)).at(-1) ?? null
}
