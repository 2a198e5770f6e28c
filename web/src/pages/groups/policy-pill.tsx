import { t } from '@lingui/core/macro'
import { IconEye, IconEyeOff, IconEyeQuestion } from '@tabler/icons-react'
import type { Group } from '../../api/groups'
import { inOwnLanguage } from '../../components/own-language'
import { Pill, type Look } from '../../components/status'
import tones from '../../components/status.module.css'

const looks = inOwnLanguage((): Record<Group['tracking'], Look> => ({
  off: { word: t`Off`, Icon: IconEyeOff, tone: tones.quiet },
  consent: { word: t`By consent`, Icon: IconEyeQuestion, tone: tones.busy },
  notice: { word: t`On, with notice`, Icon: IconEye, tone: tones.good },
}))

/** What may be tracked of the people in a group, in a word. */
export function PolicyPill({ tracking }: Pick<Group, 'tracking'>) {
  return <Pill {...looks()[tracking]} />
}
