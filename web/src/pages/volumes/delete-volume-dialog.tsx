import { t } from '@lingui/core/macro'
import { useDeleteVolume, type Volume } from '../../api/volumes'
import { DeleteForm } from '../../components/delete-form'
import { Dialog } from '../../components/dialog'
import { showDone, showProblem } from '../../components/notices'

type Props = { volume: Volume; onClose: () => void }

/** Deletes a volume that no desktop has. */
export function DeleteVolumeDialog({ volume, onClose }: Props) {
  const remove = useDeleteVolume()
  return (
    <Dialog title={t`Delete ${volume.name}?`} isOpen onClose={onClose}>
      <DeleteForm
        name={volume.name}
        isBusy={remove.isPending}
        onClose={onClose}
        onDelete={() => {
          remove.mutateAsync(volume.id).then(() => {
            onClose()
            showDone(t`${volume.name} is being deleted.`)
          }, showProblem)
        }}
      >
        {t`All that is in it is gone for good, for everyone with whom it is shared, too.`}
      </DeleteForm>
    </Dialog>
  )
}
