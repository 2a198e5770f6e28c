import {
  IconAlertTriangle, IconCircleCheck, IconClock, IconLoader2, IconLock, IconRocket, IconSearchOff,
} from '@tabler/icons-react'
import type { ApplicationState, Restore, RestoredApplication } from '../../api/restores'
import type { Look } from '../status'
import tones from '../status.module.css'

/** How far an application is: in a word, a shape and a colour. */
export const stateLooks: Record<ApplicationState, Look> = {
  waiting: { word: 'Waiting', Icon: IconClock, tone: tones.quiet },
  'already-running': { word: 'Already running', Icon: IconCircleCheck, tone: tones.good },
  started: { word: 'Started', Icon: IconLoader2, tone: tones.busy },
  placed: { word: 'Placed', Icon: IconCircleCheck, tone: tones.good },
  'not-found': { word: 'Not found', Icon: IconSearchOff, tone: tones.bad },
  denied: { word: 'Denied', Icon: IconLock, tone: tones.bad },
  failed: { word: 'Failed', Icon: IconAlertTriangle, tone: tones.bad },
}

/** Nothing turns any more in a restore that is over. */
export function lookOf(state: ApplicationState, isOver: boolean): Look {
  const look = stateLooks[state]
  return isOver && look.Icon === IconLoader2 ? { ...look, Icon: IconRocket, tone: tones.quiet } : look
}

const isBack = ({ state }: RestoredApplication) => state === 'placed' || state === 'already-running'

/** How many of a restore's applications are back, in a sentence. */
export function summaryOf({ state, applications, device }: Restore): string {
  if (state === 'waiting') return `Waiting for ${device.name} to answer…`
  if (applications.length === 0) return `Nothing was open in this save. The session is active on ${device.name} now.`
  const back = `${applications.filter(isBack).length} of ${countOf(applications.length)}`
  return state === 'running' ? `Restoring on ${device.name}: ${back} so far…` : `${back} back on ${device.name}.`
}

/** "1 application", "2 applications". */
export function countOf(applications: number): string {
  return applications === 1 ? '1 application' : `${applications} applications`
}
