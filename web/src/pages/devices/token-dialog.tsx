import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import type { DeviceToken } from '../../api/devices'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { SecretField } from '../../components/secret-field'

/** Shows the token of a device, once. */
export function TokenDialog({ made, onClose }: { made: DeviceToken; onClose: () => void }) {
  return (
    <Dialog title={t`The token of ${made.device.name}`} isOpen onClose={onClose} size="lg">
      <div className={dialogForm}>
        <SecretField
          label={t`Token`}
          secret={made.token}
          description={t`It is shown now, and never again. Put it into the file “token” of the lab client.`}
        />
        <DialogActions>
          <Button onClick={onClose}>{t`Done`}</Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}
