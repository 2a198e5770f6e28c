import { t } from '@lingui/core/macro'
import type { Desktop } from '../api/client'
import { inOwnLanguage } from './own-language'

export type Policy = Desktop['clipboard']

/** What a policy of the clipboard lets people do, as they say it. */
export const clipboardWords = inOwnLanguage((): Record<Policy, string> => ({
  both: t`Text can be copied both ways.`,
  in: t`Text can be copied into the desktop, not out of it.`,
  out: t`Text can be copied out of the desktop, not into it.`,
  none: t`No text can be copied into the desktop or out of it.`,
}))
