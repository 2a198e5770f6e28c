import { t } from '@lingui/core/macro'
import { useNewRecoveryCodes } from '../../api/second-step'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { Refusal } from '../../components/refusal'
import { KeepCodes } from './keep-codes'

/** Makes other recovery codes, and shows them once. */
export function NewCodesDialog({ onClose }: { onClose: () => void }) {
  const renew = useNewRecoveryCodes()
  return (
    <Dialog title={renew.data ? t`Keep your recovery codes` : t`New recovery codes?`} isOpen onClose={onClose} isHeld={renew.data !== undefined} size="lg">
      {renew.data ? (
        <KeepCodes codes={renew.data.codes} onClose={onClose} />
      ) : (
        <DialogForm
          action={t`Make new ones`}
          isBusy={renew.isPending}
          onSubmit={() => {
            renew.mutate(undefined)
          }}
          onClose={onClose}
        >
          <Refusal error={renew.error} />
          <p>{t`Those that you have are good for nothing from then on.`}</p>
        </DialogForm>
      )}
    </Dialog>
  )
}
