import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ownDevicesQuery, type OwnDevice } from '../../api/own-devices'
import { messageOf } from '../../api/problem'
import { runningRestoreQuery, useRestore, type Restore } from '../../api/restores'
import type { Session } from '../../api/sessions'
import { Dialog, DialogActions, dialogForm } from '../dialog'
import { focusWhenThere } from '../focus-when-there'
import { DeviceSelect } from './device-select'
import { RestoreProgress } from './restore-progress'
import classes from './restore.module.css'

type Props = { session: Session; saveId?: number | null; onClose: () => void }

/** Asks on which device to bring a session back, and shows how far each application is. */
export function RestoreDialog({ session, saveId = null, onClose }: Props) {
  const devices = useQuery(ownDevicesQuery)
  const running = useQuery(runningRestoreQuery(session.id))
  const isPending = devices.isPending || running.isPending
  return (
    <Dialog title={t`Restore ${session.name}`} isOpen onClose={onClose} size="lg">
      {devices.error && <p className={classes.reason}>{messageOf(devices.error)}</p>}
      {isPending && <Skeleton height={150} radius={12} aria-hidden="true" />}
      {devices.data && !isPending && (
        <Choice
          session={session}
          saveId={saveId}
          devices={devices.data}
          running={running.data ?? null}
          onClose={onClose}
        />
      )}
    </Dialog>
  )
}

type ChoiceProps = {
  session: Session
  saveId: number | null
  devices: OwnDevice[]
  running: Restore | null
  onClose: () => void
}

/** Where a restore goes on already, it is shown instead. */
function Choice({ session, saveId, devices, running: found, onClose }: ChoiceProps) {
  const [running] = useState(found)
  const [deviceId, setDeviceId] = useState(() => firstChoice(session, devices))
  const restore = useRestore()
  const chosen = devices.find(({ id }) => id === deviceId)
  const run = () => {
    restore.mutate({ id: session.id, device_id: deviceId, save_id: saveId })
  }
  const shown = restore.data ?? running
  if (shown) {
    return (
      <div className={dialogForm}>
        <RestoreProgress restore={shown} />
        <DialogActions>
          <Button onClick={onClose}>{t`Close`}</Button>
        </DialogActions>
      </div>
    )
  }
  return (
    <form
      className={dialogForm}
      onSubmit={(event) => {
        event.preventDefault()
        run()
      }}
    >
      <p>{t`Its applications are started and put in their places. What is active there now is saved and ends.`}</p>
      <DeviceSelect label={t`On this device`} devices={devices} value={deviceId} onChange={setDeviceId} />
      {chosen && !chosen.connected && <p>{away(chosen)}</p>}
      {restore.error && (
        <p className={classes.reason} role="alert">
          {messageOf(restore.error)}
        </p>
      )}
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t`Cancel`}
        </Button>
        <Button type="submit" loading={restore.isPending} ref={focusWhenThere} data-autofocus>
          {t`Restore`}
        </Button>
      </DialogActions>
    </form>
  )
}

/** Where the session is, or a device that is there now. */
function firstChoice({ device }: Session, devices: OwnDevice[]): number {
  const home = devices.find(({ id }) => id === device.id)
  const there = devices.find(({ connected }) => connected)
  return home?.connected === false && there ? there.id : device.id
}

function away({ name, has_token }: OwnDevice): string {
  if (!has_token) return t`${name} was revoked. Pair it again to restore there.`
  return t`${name} is not connected. The restore begins if its agent comes back soon enough.`
}
