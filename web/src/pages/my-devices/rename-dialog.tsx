import { t } from '@lingui/core/macro'
import { useRenameDevice, type OwnDevice } from '../../api/own-devices'
import { Dialog } from '../../components/dialog'
import { RenameForm } from '../../components/rename-form'

type Props = { device: OwnDevice; onClose: () => void }

export function RenameDialog({ device: { id, name }, onClose }: Props) {
  const { mutateAsync, isPending, error } = useRenameDevice()
  return (
    <Dialog title={t`Rename ${name}`} isOpen onClose={onClose}>
      <RenameForm
        name={name}
        isBusy={isPending}
        error={error}
        onRename={(next) => mutateAsync({ id, name: next })}
        onClose={onClose}
      />
    </Dialog>
  )
}
