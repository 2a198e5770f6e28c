import { t } from '@lingui/core/macro'
import { Button, TextInput } from '@mantine/core'
import { useState, type ReactNode, type SubmitEvent } from 'react'
import { DialogActions, dialogForm } from './dialog'

type Props = { name: string; isBusy: boolean; onDelete: () => void; onClose: () => void; children: ReactNode }

/** Asks for the name of what is to be deleted before it is gone for good; the children say what that means. */
export function DeleteForm({ name, isBusy, onDelete, onClose, children }: Props) {
  const [typed, setTyped] = useState('')
  const isConfirmed = typed.trim() === name
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (isConfirmed) onDelete()
  }
  return (
    <form className={dialogForm} onSubmit={submit}>
      <p>{children}</p>
      <TextInput
        label={t`Type “${name}” to delete it`}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
        }}
      />
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t`Keep it`}
        </Button>
        <Button type="submit" color="red.9" disabled={!isConfirmed} loading={isBusy}>
          {t`Delete for good`}
        </Button>
      </DialogActions>
    </form>
  )
}
