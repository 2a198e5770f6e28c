import { t } from '@lingui/core/macro'
import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { messageOf } from '../../api/problem'
import { placesQuery, useMakeVolume } from '../../api/volumes'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { NameField } from '../../components/name-field'
import { showDone } from '../../components/notices'
import { memoryWords } from '../../components/size-words'
import { gb, SizeField } from './size-field'

/** Makes a volume: its name, its size, and where it lies. */
export function NewVolumeDialog({ onClose }: { onClose: () => void }) {
  const { data: places } = useQuery(placesQuery)
  const [name, setName] = useState('')
  const [sizeMb, setSizeMb] = useState(10 * gb)
  const [runtime, setRuntime] = useState<string | null>(null)
  const make = useMakeVolume()
  const items = places?.items ?? []
  const place = items.find((one) => one.runtime === runtime) ?? items[0]
  const submit = () => {
    make.mutateAsync({ name: name.trim(), size_mb: sizeMb, runtime: place?.runtime ?? null }).then(
      () => {
        onClose()
        showDone(t`${name.trim()} is being made.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={t`Make a volume`} isOpen onClose={onClose}>
      <DialogForm
        action={t`Make it`}
        isBusy={make.isPending}
        isDisabled={name.trim() === '' || sizeMb === 0}
        onSubmit={submit}
        onClose={onClose}
      >
        <NameField name={name} placeholder={t`Thesis`} required onChange={setName} />
        <SizeField sizeMb={sizeMb} leastMb={0} onChange={setSizeMb} />
        {items.length > 1 && (
          <NativeSelect
            label={t`Where`}
            description={t`Desktops of that runtime can have it. It stays there.`}
            value={place?.runtime ?? ''}
            data={items.map((one) => one.runtime)}
            onChange={(event) => {
              setRuntime(event.currentTarget.value)
            }}
          />
        )}
        {places && <p>{hint(places.free_mb, place?.is_size_enforced)}</p>}
        {make.error && <p role="alert">{messageOf(make.error)}</p>}
      </DialogForm>
    </Dialog>
  )
}

function hint(freeMb: number | null, isEnforced: boolean | undefined): string {
  if (isEnforced === undefined) return t`No runtime has volumes just now. An administrator can add one.`
  const left = freeMb === null ? '' : t`${memoryWords(freeMb)} are left for your volumes. `
  return left + (isEnforced ? t`Writing ends where it is full.` : t`The size is not a limit there: the disk is shared.`)
}
