import { IconCircle, IconMoonFilled, IconPower, IconUserFilled, type TablerIcon } from '@tabler/icons-react'
import type { SeatState } from '../api/rooms'
import classes from './seat-state.module.css'

type Look = { word: string; Icon: TablerIcon; tone: string | undefined }

/** Each state of a computer has a word, a shape and a colour; in the order of the legend. */
export const seatLooks: Record<SeatState, Look> = {
  'in-use': { word: 'In use', Icon: IconUserFilled, tone: classes.used },
  idle: { word: 'Idle', Icon: IconMoonFilled, tone: classes.idle },
  free: { word: 'Free', Icon: IconCircle, tone: classes.free },
  offline: { word: 'Offline', Icon: IconPower, tone: classes.offline },
}

export const seatStates = Object.keys(seatLooks) as SeatState[]

export function SeatStatus({ state }: { state: SeatState }) {
  const { word, Icon, tone } = seatLooks[state]
  return (
    <span className={`${classes.status} ${tone}`}>
      <Icon size={14} stroke={2.4} aria-hidden="true" />
      {word}
    </span>
  )
}
