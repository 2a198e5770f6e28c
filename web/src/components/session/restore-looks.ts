import { plural, t } from '@lingui/core/macro'
import {
  IconAlertTriangle, IconCircleCheck, IconClock, IconLoader2, IconLock, IconRocket, IconSearchOff,
} from '@tabler/icons-react'
import type { ApplicationState, Restore, RestoredApplication } from '../../api/restores'
import { inOwnLanguage } from '../own-language'
import type { Look } from '../status'
import tones from '../status.module.css'

/** How far an application is: in a word, a shape and a colour. */
export const stateLooks = inOwnLanguage((): Record<ApplicationState, Look> => ({
  waiting: { word: t`Waiting`, Icon: IconClock, tone: tones.quiet },
  'already-running': { word: t`Already running`, Icon: IconCircleCheck, tone: tones.good },
  started: { word: t`Started`, Icon: IconLoader2, tone: tones.busy },
  placed: { word: t`Placed`, Icon: IconCircleCheck, tone: tones.good },
  'not-found': { word: t`Not found`, Icon: IconSearchOff, tone: tones.bad },
  denied: { word: t`Denied`, Icon: IconLock, tone: tones.bad },
  failed: { word: t`Failed`, Icon: IconAlertTriangle, tone: tones.bad },
}))

/** Nothing turns any more in a restore that is over. */
export function lookOf(state: ApplicationState, isOver: boolean): Look {
  const look = stateLooks()[state]
  return isOver && look.Icon === IconLoader2 ? { ...look, Icon: IconRocket, tone: tones.quiet } : look
}

const isBack = ({ state }: RestoredApplication) => state === 'placed' || state === 'already-running'

/** How many of a restore's applications are back, in a sentence. */
export function summaryOf({ state, applications, device }: Restore): string {
  if (state === 'waiting') return t`Waiting for ${device.name} to answer…`
  if (applications.length === 0) return t`Nothing was open in this save. The session is active on ${device.name} now.`
  const back = t`${applications.filter(isBack).length} of ${countOf(applications.length)}`
  return state === 'running' ? t`Restoring on ${device.name}: ${back} so far…` : t`${back} back on ${device.name}.`
}

/** "1 application", "2 applications". */
export function countOf(applications: number): string {
  return plural(applications, { one: '# application', other: '# applications' })
}
