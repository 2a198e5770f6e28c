import { t } from '@lingui/core/macro'
import { useErase } from '../../api/activity'
import type { Person } from '../../api/people'
import { DeleteForm } from '../../components/delete-form'
import { Dialog } from '../../components/dialog'
import { showDone, showProblem } from '../../components/notices'

type Props = { person: Person; isOpen: boolean; onClose: () => void }

/** Asks for the user name before a person is erased for good. */
export function EraseDialog({ person, isOpen, onClose }: Props) {
  const erase = useErase()
  const run = () => {
    erase.mutateAsync(person.id).then(() => {
      onClose()
      showDone(t`${person.username} is erased.`)
    }, showProblem)
  }
  return (
    <Dialog title={t`Erase what was recorded of ${person.username}?`} isOpen={isOpen} onClose={onClose}>
      <DeleteForm name={person.username} isBusy={erase.isPending} onDelete={run} onClose={onClose}>
        {t`The name, the address, the password and the login history go, and the person can’t sign in any more. The hours stay without a name, so that totals don’t change. This can’t be undone.`}
      </DeleteForm>
    </Dialog>
  )
}
