import { t } from '@lingui/core/macro'
import { useDeleteRecording, type Recording } from '../../api/recordings'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { showDone, showProblem } from '../../components/notices'

type Props = { recording: Recording; onClose: () => void; onDone?: () => void }

/** Deletes a recording for good. */
export function DeleteRecordingDialog({ recording, onClose, onDone }: Props) {
  const remove = useDeleteRecording()
  return (
    <Dialog title={t`Delete the recording?`} isOpen onClose={onClose}>
      <DialogForm
        action={t`Delete for good`}
        isForGood
        isBusy={remove.isPending}
        onClose={onClose}
        onSubmit={() => {
          remove.mutateAsync(recording.id).then(() => {
            onClose()
            showDone(t`The recording of ${recording.desktop.name} is deleted.`)
            onDone?.()
          }, showProblem)
        }}
      >
        <p>
          {t`Nobody can play this recording of ${recording.desktop.name} afterwards. That it was there, and who was given it, stays in the audit.`}
        </p>
      </DialogForm>
    </Dialog>
  )
}
