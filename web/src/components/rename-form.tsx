import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { messageOf } from '../api/problem'
import { DialogForm } from './dialog-form'
import { NameField } from './name-field'

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
    <DialogForm action={t`Save`} isBusy={isBusy} onSubmit={submit} onClose={onClose}>
      <NameField name={name} required error={error && messageOf(error)} onChange={setName} />
    </DialogForm>
  )
}
