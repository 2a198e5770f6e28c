import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { DialogActions, dialogForm } from '../../components/dialog'
import { RecoveryCodes } from '../../components/recovery-codes'

/** Shows recovery codes until the person says that they have kept them. */
export function KeepCodes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  return (
    <div className={dialogForm}>
      <RecoveryCodes codes={codes} />
      <DialogActions>
        <Button onClick={onClose}>{t`I have kept them`}</Button>
      </DialogActions>
    </div>
  )
}
