import { IconEye, IconEyeOff, IconEyeQuestion } from '@tabler/icons-react'
import type { Group } from '../../api/groups'
import { Pill, type Look } from '../../components/status'
import tones from '../../components/status.module.css'

const looks: Record<Group['tracking'], Look> = {
  off: { word: 'Off', Icon: IconEyeOff, tone: tones.quiet },
  consent: { word: 'By consent', Icon: IconEyeQuestion, tone: tones.busy },
  notice: { word: 'On, with notice', Icon: IconEye, tone: tones.good },
}

/** What may be tracked of the people in a group, in a word. */
export function PolicyPill({ tracking }: Pick<Group, 'tracking'>) {
  return <Pill {...looks[tracking]} />
}
