import { t } from '@lingui/core/macro'
import { useThrowAway, type Session } from '../../api/sessions'
import { DeleteForm } from '../delete-form'
import { Dialog } from '../dialog'
import { showDone, showProblem } from '../notices'

type Props = { session: Session; onClose: () => void; onDeleted?: (() => void) | undefined }

/** Asks for the name of a session before it goes from the trash for good. */
export function DeleteSessionDialog({ session, onClose, onDeleted }: Props) {
  const remove = useThrowAway()
  const run = () => {
    remove.mutateAsync({ id: session.id, for_good: true }).then(() => {
      onClose()
      showDone(t`${session.name} is deleted.`)
      onDeleted?.()
    }, showProblem)
  }
  return (
    <Dialog title={t`Delete ${session.name}?`} isOpen onClose={onClose}>
      <DeleteForm name={session.name} isBusy={remove.isPending} onDelete={run} onClose={onClose}>
        {t`Its saves and its usage go with it. This can’t be undone.`}
      </DeleteForm>
    </Dialog>
  )
}
