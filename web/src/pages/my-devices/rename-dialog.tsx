import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useRenameDevice, type OwnDevice } from '../../api/own-devices'
import { messageOf } from '../../api/problem'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'

type Props = { device: OwnDevice; onClose: () => void }

export function RenameDialog({ device, onClose }: Props) {
  const [name, setName] = useState(device.name)
  const rename = useRenameDevice()
  const submit = () => {
    rename.mutateAsync({ id: device.id, name }).then(onClose, () => undefined)
  }
  return (
    <Dialog title={`Rename ${device.name}`} isOpen onClose={onClose}>
      <DialogForm action="Save" isBusy={rename.isPending} onSubmit={submit} onClose={onClose}>
        <TextInput
          label="Name"
          required
          maxLength={64}
          autoComplete="off"
          data-autofocus
          error={rename.error && messageOf(rename.error)}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value)
          }}
        />
      </DialogForm>
    </Dialog>
  )
}
