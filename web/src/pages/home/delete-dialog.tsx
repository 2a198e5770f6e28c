import { Button, Modal, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import type { Desktop } from '../../api/client'
import { useDelete } from '../../api/queries'
import { showDone, showProblem } from '../../components/notices'
import classes from './delete-dialog.module.css'

type Props = { desktop: Desktop | null; onClose: () => void }

/** Asks for the desktop's name before it is gone for good. */
export function DeleteDialog({ desktop, onClose }: Props) {
  return (
    <Modal.Root opened={desktop !== null} onClose={onClose} centered lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content radius="lg">
        <Modal.Body className={classes.body}>
          <Modal.Title className={classes.title}>Delete {desktop?.name}?</Modal.Title>
          {desktop && <DeleteForm desktop={desktop} onClose={onClose} />}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function DeleteForm({ desktop, onClose }: { desktop: Desktop; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const remove = useDelete()
  const isConfirmed = typed.trim() === desktop.name
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!isConfirmed) return
    remove.mutateAsync(desktop.id).then(() => {
      onClose()
      showDone(`${desktop.name} is deleted.`)
    }, showProblem)
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <p>What runs in it is lost, and it cannot be started again. The files in your home folder stay.</p>
      <TextInput
        label={`Type “${desktop.name}” to delete it`}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
        }}
      />
      <div className={classes.actions}>
        <Button variant="default" onClick={onClose}>
          Keep it
        </Button>
        <Button type="submit" color="red.9" disabled={!isConfirmed} loading={remove.isPending}>
          Delete for good
        </Button>
      </div>
    </form>
  )
}
