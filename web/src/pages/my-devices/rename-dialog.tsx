import { Button, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { useRenameDevice, type OwnDevice } from '../../api/own-devices'
import { messageOf } from '../../api/problem'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'

type Props = { device: OwnDevice; onClose: () => void }

export function RenameDialog({ device, onClose }: Props) {
  const [name, setName] = useState(device.name)
  const rename = useRenameDevice()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    rename.mutateAsync({ id: device.id, name }).then(onClose, () => undefined)
  }
  return (
    <Dialog title={`Rename ${device.name}`} isOpen onClose={onClose}>
      <form className={dialogForm} onSubmit={submit}>
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
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={rename.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
