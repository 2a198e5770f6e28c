import { t } from '@lingui/core/macro'
import type { Desktop } from '../../api/client'
import { useDelete } from '../../api/queries'
import { DeleteForm as TypedDeleteForm } from '../../components/delete-form'
import { showDone, showProblem } from '../../components/notices'

/** Deletes a desktop once its name is typed. */
export function DeleteForm({ desktop: { id, name }, onClose }: { desktop: Desktop; onClose: () => void }) {
  const remove = useDelete()
  return (
    <TypedDeleteForm
      name={name}
      isBusy={remove.isPending}
      onClose={onClose}
      onDelete={() => {
        remove.mutateAsync(id).then(() => {
          onClose()
          showDone(t`${name} is deleted.`)
        }, showProblem)
      }}
    >
      {t`What runs in it is lost, and it cannot be started again. The files in your home folder stay.`}
    </TypedDeleteForm>
  )
}
