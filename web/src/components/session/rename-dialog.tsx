import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { messageOf } from '../../api/problem'
import { useChangeSession, type Session } from '../../api/sessions'
import { Dialog } from '../dialog'
import { DialogForm } from '../dialog-form'
import { showDone } from '../notices'
import { NameFields, type Naming } from './name-fields'

type Props = { session: Session; onClose: () => void }

/** Renames a session, and says what it is for. */
export function RenameDialog({ session, onClose }: Props) {
  const [naming, setNaming] = useState<Naming>({ name: session.name, description: session.description })
  const change = useChangeSession()
  const submit = () => {
    change.mutateAsync({ id: session.id, ...naming }).then(
      ({ name }) => {
        onClose()
        showDone(t`${name} is changed.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={t`Rename ${session.name}`} isOpen onClose={onClose}>
      <DialogForm action={t`Save`} isBusy={change.isPending} onSubmit={submit} onClose={onClose}>
        <NameFields naming={naming} error={change.error ? messageOf(change.error) : undefined} isNameRequired onChange={setNaming} />
      </DialogForm>
    </Dialog>
  )
}
