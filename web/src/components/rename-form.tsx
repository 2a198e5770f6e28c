import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { messageOf } from '../api/problem'
import { DialogForm } from './dialog-form'

type Props = {
  name: string
  isBusy: boolean
  error: Error | null
  onRename: (name: string) => Promise<unknown>
  onClose: () => void
}

/** Asks for another name; closes once it is taken. */
export function RenameForm({ name: first, isBusy, error, onRename, onClose }: Props) {
  const [name, setName] = useState(first)
  const submit = () => {
    onRename(name).then(onClose, () => undefined)
  }
  return (
    <DialogForm action="Save" isBusy={isBusy} onSubmit={submit} onClose={onClose}>
      <TextInput
        label="Name"
        required
        maxLength={64}
        autoComplete="off"
        data-autofocus
        error={error && messageOf(error)}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value)
        }}
      />
    </DialogForm>
  )
}
