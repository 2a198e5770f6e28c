import type { Desktop } from '../api/client'

export type Policy = Desktop['clipboard']

/** What a policy of the clipboard lets people do, as they say it. */
export const clipboardWords: Record<Policy, string> = {
  both: 'Text can be copied both ways.',
  in: 'Text can be copied into the desktop, not out of it.',
  out: 'Text can be copied out of the desktop, not into it.',
  none: 'No text can be copied into the desktop or out of it.',
}
