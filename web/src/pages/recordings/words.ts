import { plural, t } from '@lingui/core/macro'
import { IconAlertTriangle, IconCircleCheck, IconPlayerRecord, IconScissors } from '@tabler/icons-react'
import type { Recording } from '../../api/recordings'
import { inOwnLanguage, toOneDecimal } from '../../components/own-language'
import type { Look } from '../../components/status'
import tones from '../../components/status.module.css'

const ends = inOwnLanguage((): Record<NonNullable<Recording['end']>, Look> => ({
  left: { word: t`Whole`, Icon: IconCircleCheck, tone: tones.quiet },
  'cut-off': { word: t`Cut off: the server ended`, Icon: IconScissors, tone: tones.bad },
  'no-room': { word: t`Ended early: the disk is full`, Icon: IconAlertTriangle, tone: tones.bad },
  'disk-failed': { word: t`Ended early: the disk failed`, Icon: IconAlertTriangle, tone: tones.bad },
  'too-slow': { word: t`Ended early: the disk is too slow`, Icon: IconAlertTriangle, tone: tones.bad },
}))

/** How a recording stands. */
export function endOf({ end }: Recording): Look {
  return end ? ends()[end] : { word: t`Recording`, Icon: IconPlayerRecord, tone: tones.busy }
}

/** How long a recording is, in milliseconds; null while it goes on. */
export function lengthOf({ began_at, ended_at }: Recording): number | null {
  return ended_at === null ? null : Date.parse(ended_at) - Date.parse(began_at)
}

/** "1:02:03", "2:03" */
export function timecode(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const two = (number: number) => String(number).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

const units = ['kB', 'MB', 'GB', 'TB']

/** "81.9 kB" */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return plural(bytes, { one: '# byte', other: '# bytes' })
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3))
  return `${toOneDecimal(bytes / 1000 ** power)} ${units[power - 1] ?? ''}`
}
