import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ownDevicesQuery } from '../../api/own-devices'
import { messageOf } from '../../api/problem'
import { useClone, type Session } from '../../api/sessions'
import { Dialog } from '../dialog'
import { DialogForm } from '../dialog-form'
import { showDone } from '../notices'
import { DeviceSelect } from './device-select'
import { NameFields, type Naming } from './name-fields'

type Props = { session: Session; onClose: () => void }

/** Copies a session with its applications and their places, for the same device or another. */
export function CloneDialog({ session, onClose }: Props) {
  const { data: devices } = useQuery(ownDevicesQuery)
  const [naming, setNaming] = useState<Naming>({ name: '', description: session.description })
  const [deviceId, setDeviceId] = useState(session.device.id)
  const clone = useClone()
  const submit = () => {
    clone.mutateAsync({ id: session.id, device_id: deviceId, ...naming }).then(
      ({ name }) => {
        onClose()
        showDone(t`${name} is there.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={t`Clone ${session.name}`} isOpen onClose={onClose}>
      <DialogForm action={t`Clone`} isBusy={clone.isPending} onSubmit={submit} onClose={onClose}>
        <p>{t`The copy has the applications and their places, and counts its usage anew.`}</p>
        <NameFields naming={naming} error={clone.error ? messageOf(clone.error) : undefined} onChange={setNaming} />
        {devices && devices.length > 1 && (
          <DeviceSelect label={t`For this device`} devices={devices} value={deviceId} onChange={setDeviceId} />
        )}
      </DialogForm>
    </Dialog>
  )
}
