import { t } from '@lingui/core/macro'
import { useEraseCollected } from '../../api/tracking'
import { DeleteForm } from '../../components/delete-form'
import { Dialog } from '../../components/dialog'
import { showDone, showProblem } from '../../components/notices'
import { useUser } from '../../components/signed-in'

/** Asks for the user name before everything that was collected is erased. */
export function EraseDialog({ onClose }: { onClose: () => void }) {
  const { username } = useUser()
  const erase = useEraseCollected()
  const run = () => {
    erase.mutateAsync().then(() => {
      onClose()
      showDone(t`What was collected about you is erased.`)
    }, showProblem)
  }
  return (
    <Dialog title={t`Erase what was collected about you?`} isOpen onClose={onClose}>
      <DeleteForm name={username} isBusy={erase.isPending} onDelete={run} onClose={onClose}>
        {t`Your hours go, and the usage of your sessions; they stay in the totals of devices and applications, without your name. Your account and what you saved stay. This can’t be undone.`}
      </DeleteForm>
    </Dialog>
  )
}
