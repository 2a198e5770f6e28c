import { Button } from '@mantine/core'
import type { DeviceToken } from '../../api/devices'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { SecretField } from '../../components/secret-field'

/** Shows the token of a device, once. */
export function TokenDialog({ made, onClose }: { made: DeviceToken; onClose: () => void }) {
  return (
    <Dialog title={`The token of ${made.device.name}`} isOpen onClose={onClose} size="lg">
      <div className={dialogForm}>
        <SecretField
          label="Token"
          secret={made.token}
          description="It is shown now, and never again. Put it into the file “token” of the lab client."
        />
        <DialogActions>
          <Button onClick={onClose}>Done</Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}
