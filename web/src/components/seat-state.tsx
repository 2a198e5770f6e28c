import { t } from '@lingui/core/macro'
import { IconCircle, IconMoonFilled, IconPower, IconUserFilled } from '@tabler/icons-react'
import type { SeatState } from '../api/rooms'
import { inOwnLanguage } from './own-language'
import classes from './seat-state.module.css'
import { Pill, type Look } from './status'

/** Each state of a computer has a word, a shape and a colour; in the order of the legend. */
export const seatLooks = inOwnLanguage((): Record<SeatState, Look> => ({
  'in-use': { word: t`In use`, Icon: IconUserFilled, tone: classes.used },
  idle: { word: t`Idle`, Icon: IconMoonFilled, tone: classes.idle },
  free: { word: t`Free`, Icon: IconCircle, tone: classes.free },
  offline: { word: t`Offline`, Icon: IconPower, tone: classes.offline },
}))

export const seatStates = inOwnLanguage(() => (Object.keys(seatLooks()) as SeatState[]))

export function SeatStatus({ state }: { state: SeatState }) {
  const { tone, ...look } = seatLooks()[state]
  return <Pill {...look} tone={`${classes.pill} ${tone}`} />
}
