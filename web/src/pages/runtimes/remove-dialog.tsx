import { t } from '@lingui/core/macro'
import { useRemoveRuntime, type Runtime } from '../../api/runtimes'
import { DeleteForm } from '../../components/delete-form'
import { Dialog } from '../../components/dialog'
import { showDone, showProblem } from '../../components/notices'

type Props = { runtime: Runtime; onClose: () => void }

/** Removes a runtime that no desktop is on. */
export function RemoveDialog({ runtime, onClose }: Props) {
  const remove = useRemoveRuntime()
  return (
    <Dialog title={t`Remove ${runtime.slug}?`} isOpen onClose={onClose}>
      <DeleteForm
        name={runtime.slug}
        isBusy={remove.isPending}
        onClose={onClose}
        onDelete={() => {
          remove.mutateAsync(runtime.id).then(() => {
            onClose()
            showDone(t`${runtime.slug} is removed.`)
          }, showProblem)
        }}
      >
        {t`Deskbay forgets how to reach it. To keep it for later, drain it instead.`}
      </DeleteForm>
    </Dialog>
  )
}
