import { t } from '@lingui/core/macro'
import {
  IconAlertTriangle, IconCircleCheck, IconClock, IconLoader2, IconPlayerStop, type TablerIcon,
} from '@tabler/icons-react'
import type { Desktop } from '../api/client'
import { inOwnLanguage } from './own-language'
import classes from './status.module.css'

type State = Desktop['state']

const looks = inOwnLanguage((): Record<State, Look> => ({
  pending: { word: t`Pending`, Icon: IconClock, tone: classes.busy },
  starting: { word: t`Starting`, Icon: IconLoader2, tone: classes.busy },
  running: { word: t`Running`, Icon: IconCircleCheck, tone: classes.good },
  stopping: { word: t`Stopping`, Icon: IconLoader2, tone: classes.busy },
  stopped: { word: t`Stopped`, Icon: IconPlayerStop, tone: classes.quiet },
  failed: { word: t`Failed`, Icon: IconAlertTriangle, tone: classes.bad },
}))

export type Look = { word: string; Icon: TablerIcon; tone: string | undefined }

/** A state in its word, its icon and its colour: never in colour alone. */
export function Pill({ word, Icon, tone }: Look) {
  return (
    <span className={`${classes.status} ${tone}`} data-turning={Icon === IconLoader2 || undefined}>
      <Icon size={14} stroke={2.2} aria-hidden="true" />
      {word}
    </span>
  )
}

export function Status({ state }: { state: State }) {
  return <Pill {...looks()[state]} />
}

export const stateWord = (state: State) => looks()[state].word

const active: State[] = ['pending', 'starting', 'running', 'stopping']

export function isActive({ state }: Desktop): boolean {
  return active.includes(state)
}
