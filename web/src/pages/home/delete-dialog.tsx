import type { Desktop } from '../../api/client'
import { useDelete } from '../../api/queries'
import { DeleteForm } from '../../components/delete-form'
import { Dialog } from '../../components/dialog'
import { showDone, showProblem } from '../../components/notices'

type Props = { desktop: Desktop | null; onClose: () => void }

export default function DeleteDialog({ desktop, onClose }: Props) {
  const remove = useDelete()
  return (
    <Dialog title={`Delete ${desktop?.name ?? ''}?`} isOpen={desktop !== null} onClose={onClose}>
      {desktop && (
        <DeleteForm
          name={desktop.name}
          isBusy={remove.isPending}
          onClose={onClose}
          onDelete={() => {
            remove.mutateAsync(desktop.id).then(() => {
              onClose()
              showDone(`${desktop.name} is deleted.`)
            }, showProblem)
          }}
        >
          What runs in it is lost, and it cannot be started again. The files in your home folder stay.
        </DeleteForm>
      )}
    </Dialog>
  )
}
