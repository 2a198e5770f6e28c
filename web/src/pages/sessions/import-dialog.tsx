import { t } from '@lingui/core/macro'
import { Button, FileButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconFileUpload } from '@tabler/icons-react'
import { useState } from 'react'
import { ownDevicesQuery } from '../../api/own-devices'
import { messageOf } from '../../api/problem'
import { useImportSession, type ExportedSession } from '../../api/sessions'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { showDone } from '../../components/notices'
import { DeviceSelect } from '../../components/session/device-select'
import { countOf } from '../../components/session/restore-looks'
import { notASession, readSession } from './read-session'

/** Makes a session of a file that was exported here or elsewhere. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { data: devices = [] } = useQuery(ownDevicesQuery)
  const [chosenId, setChosenId] = useState<number | null>(null)
  const [file, setFile] = useState<ExportedSession | null>(null)
  const [isWrong, setIsWrong] = useState(false)
  const load = useImportSession()
  const deviceId = chosenId ?? devices[0]?.id ?? null
  const read = async (chosen: File | null) => {
    const session = readSession((await chosen?.text()) ?? '')
    setFile(session)
    setIsWrong(session === null)
    load.reset()
  }
  const submit = () => {
    if (!file) return
    load.mutateAsync({ file, device_id: deviceId }).then(
      ({ name }) => {
        onClose()
        showDone(t`${name} is there.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={t`Import a session`} isOpen onClose={onClose}>
      <DialogForm action={t`Import`} isBusy={load.isPending} isDisabled={!file} onSubmit={submit} onClose={onClose}>
        <FileButton accept=".json,application/json" onChange={(chosen) => void read(chosen)}>
          {(props) => (
            <Button {...props} variant="light" leftSection={<IconFileUpload size={18} aria-hidden="true" />} data-autofocus>
              {t`Choose a file`}
            </Button>
          )}
        </FileButton>
        <p role="status">{file ? summary(file) : t`A file that was exported from a session’s page.`}</p>
        {isWrong && <p role="alert">{notASession()}</p>}
        {load.error && <p role="alert">{messageOf(load.error)}</p>}
        {deviceId !== null && (
          <DeviceSelect label={t`For this device`} devices={devices} value={deviceId} onChange={setChosenId} />
        )}
      </DialogForm>
    </Dialog>
  )
}

function summary({ name, saves }: ExportedSession): string {
  const newest = saves.at(-1)
  return t`${name}, with ${countOf(newest?.snapshot.applications.length ?? 0)} in its newest save.`
}
