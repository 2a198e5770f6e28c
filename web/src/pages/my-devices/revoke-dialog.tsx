import { Button } from '@mantine/core'
import { useRevokeDevice, type OwnDevice } from '../../api/own-devices'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { showDone, showProblem } from '../../components/notices'

type Props = { device: OwnDevice; onClose: () => void }

/** Asks before a device loses its access. */
export function RevokeDialog({ device, onClose }: Props) {
  const revoke = useRevokeDevice()
  const run = () => {
    revoke.mutateAsync(device.id).then(() => {
      onClose()
      showDone(`${device.name} is revoked.`)
    }, showProblem)
  }
  return (
    <Dialog title={`Revoke ${device.name}?`} isOpen onClose={onClose}>
      <div className={dialogForm}>
        <p>
          Its agent stops within 5 seconds: nothing is reported from there any more, and no session is restored. What it
          reported stays. Pair the computer again to undo this.
        </p>
        <DialogActions>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red.9" onClick={run} loading={revoke.isPending}>
            Revoke
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}
