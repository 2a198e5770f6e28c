import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { ownDevicesQuery, type OwnDevice } from '../../api/own-devices'
import { messageOf } from '../../api/problem'
import { useCreateSession } from '../../api/sessions'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { showDone } from '../../components/notices'
import { DeviceSelect } from '../../components/session/device-select'
import { NameFields, type Naming } from '../../components/session/name-fields'

/** Begins a session on one of one's devices. */
export function NewSessionDialog({ onClose }: { onClose: () => void }) {
  const { data: devices, error } = useQuery(ownDevicesQuery)
  return (
    <Dialog title={t`New session`} isOpen onClose={onClose}>
      {!devices && !error && <Skeleton height={240} radius={12} aria-hidden="true" />}
      {error && !devices && <p role="alert">{messageOf(error)}</p>}
      {devices?.length === 0 && <NoDevice />}
      {devices && devices.length > 0 && <Form devices={devices} onClose={onClose} />}
    </Dialog>
  )
}

function NoDevice() {
  return (
    <div className={dialogForm}>
      <p>{t`A session lives on a computer of yours. Pair the one you work at, or launch a desktop.`}</p>
      <DialogActions>
        <Button component={Link} to="/" variant="default">
          {t`To the desktops`}
        </Button>
        <Button component={Link} to="/my-devices">
          {t`Pair a computer`}
        </Button>
      </DialogActions>
    </div>
  )
}

type FormProps = { devices: OwnDevice[]; onClose: () => void }

function Form({ devices, onClose }: FormProps) {
  const [naming, setNaming] = useState<Naming>({ name: '', description: '' })
  const [deviceId, setDeviceId] = useState(() => (devices.find(({ connected }) => connected) ?? devices[0])?.id ?? 0)
  const create = useCreateSession()
  const submit = () => {
    create.mutateAsync({ ...naming, device_id: deviceId, activate: true, enable_tracking: true }).then(
      ({ name }) => {
        onClose()
        showDone(t`${name} has begun.`)
      },
      () => undefined,
    )
  }
  return (
    <DialogForm action={t`Begin`} isBusy={create.isPending} onSubmit={submit} onClose={onClose}>
      <p>{t`Each save keeps what is open on the device. The session that is active there now is saved and ends.`}</p>
      <NameFields naming={naming} error={create.error ? messageOf(create.error) : undefined} onChange={setNaming} />
      <DeviceSelect label={t`On this device`} devices={devices} value={deviceId} onChange={setDeviceId} />
    </DialogForm>
  )
}
