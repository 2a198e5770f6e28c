import { t } from '@lingui/core/macro'
import { Checkbox, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Desktop } from '../../api/client'
import { messageOf } from '../../api/problem'
import { desktopsQuery } from '../../api/queries'
import { useAttach, type Volume } from '../../api/volumes'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { showDone } from '../../components/notices'
import { stateWord } from '../../components/status'
import { isRunning, restartWarning } from './restart-words'

type Props = { volume: Volume; onClose: () => void }

/** Chooses the desktop that shall have a volume. */
export function AttachDialog({ volume, onClose }: Props) {
  const { data = [], isPending } = useQuery(desktopsQuery)
  const free = data.filter(({ volumes }) => volumes.every(({ path }) => path !== storage))
  return (
    <Dialog title={t`Attach ${volume.name}`} isOpen onClose={onClose}>
      {free.length > 0 && <AttachForm volume={volume} desktops={free} onClose={onClose} />}
      {free.length === 0 && !isPending && (
        <p>
          {data.length > 0
            ? t`Each of your desktops has a volume already. Detach one first.`
            : t`You have no desktop yet. Launch one: it may have the volume from the beginning.`}{' '}
          <Link to="/">{t`Your desktops`}</Link>
        </p>
      )}
    </Dialog>
  )
}

const storage = '/storage'

function AttachForm({ volume, desktops, onClose }: Props & { desktops: Desktop[] }) {
  const [chosen, setChosen] = useState(desktops[0]?.id)
  const [isReadOnly, setIsReadOnly] = useState(false)
  const attach = useAttach()
  const desktop = desktops.find(({ id }) => id === chosen) ?? desktops[0]
  if (!desktop) return null
  const restarts = isRunning(desktop.state)
  const submit = () => {
    attach.mutateAsync({ id: volume.id, desktop: desktop.id, isReadOnly }).then(
      () => {
        onClose()
        showDone(
          restarts
            ? t`${desktop.name} is started again with ${volume.name} at ${storage}; all files stay.`
            : t`${desktop.name} has ${volume.name} at ${storage}.`,
        )
      },
      () => undefined,
    )
  }
  return (
    <DialogForm
      action={restarts ? t`Attach and start again` : t`Attach`}
      isBusy={attach.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <NativeSelect
        label={t`Desktop`}
        description={t`Its files will be at ${storage} there.`}
        data-autofocus
        value={desktop.id}
        data={desktops.map(({ id, name, state }) => ({ value: String(id), label: `${name} — ${stateWord(state)}` }))}
        onChange={(event) => {
          setChosen(Number(event.currentTarget.value))
        }}
      />
      <Checkbox
        label={t`To read only`}
        checked={isReadOnly || volume.access === 'read'}
        disabled={volume.access === 'read'}
        onChange={(event) => {
          setIsReadOnly(event.currentTarget.checked)
        }}
      />
      {restarts && <p>{restartWarning(desktop.name, 'with')}</p>}
      {attach.error && <p role="alert">{messageOf(attach.error)}</p>}
    </DialogForm>
  )
}
