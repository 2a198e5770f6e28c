import { messageOf } from '../../api/problem'
import { useNewRecoveryCodes } from '../../api/second-step'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { KeepCodes } from './keep-codes'

/** Makes other recovery codes, and shows them once. */
export function NewCodesDialog({ onClose }: { onClose: () => void }) {
  const renew = useNewRecoveryCodes()
  return (
    <Dialog title={renew.data ? 'Keep your recovery codes' : 'New recovery codes?'} isOpen onClose={onClose} size="lg">
      {renew.data ? (
        <KeepCodes codes={renew.data.codes} onClose={onClose} />
      ) : (
        <DialogForm
          action="Make new ones"
          isBusy={renew.isPending}
          onSubmit={() => {
            renew.mutate(undefined)
          }}
          onClose={onClose}
        >
          {renew.error && <p role="alert">{messageOf(renew.error)}</p>}
          <p>Those that you have are good for nothing from then on.</p>
        </DialogForm>
      )}
    </Dialog>
  )
}
