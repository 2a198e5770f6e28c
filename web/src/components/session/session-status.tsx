import { t } from '@lingui/core/macro'
import { IconCircleDot, IconMoon, IconTrash } from '@tabler/icons-react'
import type { Session } from '../../api/sessions'
import { Pill } from '../status'
import tones from '../status.module.css'

/** Whether one works in a session now, and whether its usage is counted then. */
export function SessionStatus({ session }: { session: Session }) {
  if (session.deleted_at !== null) return <Pill word={t`In the trash`} Icon={IconTrash} tone={tones.quiet} />
  if (!session.is_active) return <Pill word={t`Not active`} Icon={IconMoon} tone={tones.quiet} />
  return <Pill word={session.is_tracking ? t`Active, tracked` : t`Active`} Icon={IconCircleDot} tone={tones.good} />
}
