import { t } from '@lingui/core/macro'
import { Menu } from '@mantine/core'
import {
  IconChartBar, IconChartBarOff, IconCopy, IconDeviceFloppy, IconPencil, IconPlayerPlay, IconPlayerStop,
  IconTrash, IconUsersPlus,
} from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { Session } from '../../api/sessions'
import { MoreMenu } from '../more-menu'
import { useUser } from '../signed-in'
import { CloneDialog } from './clone-dialog'
import { HandOutDialog } from './hand-out-dialog'
import { RenameDialog } from './rename-dialog'
import { useSessionActions } from './use-session-actions'

type Props = { session: Session; children?: ReactNode }

/** What else can be done with a session; the children come before the trash. */
export function SessionMenu({ session, children }: Props) {
  const [asking, setAsking] = useState<'name' | 'clone' | 'copies' | null>(null)
  const { role } = useUser()
  const { save, track, throwAway } = useSessionActions(session)
  const close = () => {
    setAsking(null)
  }
  const Tracking = session.is_tracking ? IconChartBarOff : IconChartBar
  return (
    <>
      <MoreMenu name={session.name}>
        <Menu.Item leftSection={<IconDeviceFloppy size={17} aria-hidden="true" />} onClick={save}>
          {t`Save what is open`}
        </Menu.Item>
        <LifeItems session={session} />
        <Menu.Item
          leftSection={<Tracking size={17} aria-hidden="true" />}
          onClick={() => {
            track(!session.is_tracking)
          }}
        >
          {session.is_tracking ? t`Stop counting usage` : t`Count usage`}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconPencil size={17} aria-hidden="true" />}
          onClick={() => {
            setAsking('name')
          }}
        >
          {t`Rename…`}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconCopy size={17} aria-hidden="true" />}
          onClick={() => {
            setAsking('clone')
          }}
        >
          {t`Clone…`}
        </Menu.Item>
        {role === 'administrator' && (
          <Menu.Item
            leftSection={<IconUsersPlus size={17} aria-hidden="true" />}
            onClick={() => {
              setAsking('copies')
            }}
          >
            {t`Hand out copies…`}
          </Menu.Item>
        )}
        {children}
        <Menu.Item leftSection={<IconTrash size={17} aria-hidden="true" />} onClick={throwAway}>
          {t`Move to the trash`}
        </Menu.Item>
      </MoreMenu>
      {asking === 'name' && <RenameDialog session={session} onClose={close} />}
      {asking === 'clone' && <CloneDialog session={session} onClose={close} />}
      {asking === 'copies' && <HandOutDialog session={session} onClose={close} />}
    </>
  )
}

function LifeItems({ session }: { session: Session }) {
  const { activate, deactivate } = useSessionActions(session)
  if (!session.is_active) {
    return (
      <Menu.Item leftSection={<IconPlayerPlay size={17} aria-hidden="true" />} onClick={activate}>
        {t`Activate without restoring`}
      </Menu.Item>
    )
  }
  return (
    <>
      <Menu.Item
        leftSection={<IconPlayerStop size={17} aria-hidden="true" />}
        onClick={() => {
          deactivate(true)
        }}
      >
        {t`Save and end`}
      </Menu.Item>
      {session.is_tracking && (
        <Menu.Item
          leftSection={<IconPlayerStop size={17} aria-hidden="true" />}
          onClick={() => {
            deactivate(false)
          }}
        >
          {t`End without its usage`}
        </Menu.Item>
      )}
    </>
  )
}
