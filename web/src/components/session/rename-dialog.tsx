import { Button } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { messageOf } from '../../api/problem'
import { useChangeSession, type Session } from '../../api/sessions'
import { Dialog, DialogActions, dialogForm } from '../dialog'
import { showDone } from '../notices'
import { NameFields, type Naming } from './name-fields'

type Props = { session: Session; onClose: () => void }

/** Renames a session, and says what it is for. */
export function RenameDialog({ session, onClose }: Props) {
  const [naming, setNaming] = useState<Naming>({ name: session.name, description: session.description })
  const change = useChangeSession()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    change.mutateAsync({ id: session.id, ...naming }).then(
      ({ name }) => {
        onClose()
        showDone(`${name} is changed.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={`Rename ${session.name}`} isOpen onClose={onClose}>
      <form className={dialogForm} onSubmit={submit}>
        <NameFields naming={naming} error={change.error ? messageOf(change.error) : undefined} isNameRequired onChange={setNaming} />
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={change.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
