import { t } from '@lingui/core/macro'
import { useDeleteRoom, type Room } from '../../api/rooms'
import { DeleteForm } from '../../components/delete-form'
import { Dialog } from '../../components/dialog'
import { showDone, showProblem } from '../../components/notices'

type Props = { room: Room | null; onClose: () => void; onDeleted?: () => void }

export function DeleteRoomDialog({ room, onClose, onDeleted }: Props) {
  const remove = useDeleteRoom()
  return (
    <Dialog title={t`Delete ${room?.name ?? ''}?`} isOpen={room !== null} onClose={onClose}>
      {room && (
        <DeleteForm
          name={room.name}
          isBusy={remove.isPending}
          onClose={onClose}
          onDelete={() => {
            remove.mutateAsync(room.id).then(() => {
              onClose()
              showDone(t`${room.name} is deleted.`)
              onDeleted?.()
            }, showProblem)
          }}
        >
          {t`Its map, its opening hours and the link to its map are lost. The computers and their hours stay, without a place.`}
        </DeleteForm>
      )}
    </Dialog>
  )
}
