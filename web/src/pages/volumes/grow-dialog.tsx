import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { messageOf } from '../../api/problem'
import { useChangeVolume, type Volume } from '../../api/volumes'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { NameField } from '../../components/name-field'
import { showDone } from '../../components/notices'
import { SizeField } from './size-field'

type Props = { volume: Volume; onClose: () => void }

/** Gives a volume another name, or a larger size. */
export function GrowDialog({ volume, onClose }: Props) {
  const [name, setName] = useState(volume.name)
  const [sizeMb, setSizeMb] = useState(volume.size_mb)
  const change = useChangeVolume()
  const submit = () => {
    change.mutateAsync({ id: volume.id, name: name.trim(), size_mb: sizeMb }).then(
      (changed) => {
        onClose()
        showDone(sizeMb > volume.size_mb ? t`${changed.name} grows.` : t`${changed.name} is changed.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={t`Grow or rename ${volume.name}`} isOpen onClose={onClose}>
      <DialogForm action={t`Save`} isBusy={change.isPending} onSubmit={submit} onClose={onClose}>
        <NameField name={name} required onChange={setName} />
        <SizeField sizeMb={sizeMb} leastMb={volume.size_mb} onChange={setSizeMb} />
        <p>{t`It can grow, and never shrinks. Desktops that have it go on.`}</p>
        {change.error && <p role="alert">{messageOf(change.error)}</p>}
      </DialogForm>
    </Dialog>
  )
}
