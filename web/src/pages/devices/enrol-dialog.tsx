import { t } from '@lingui/core/macro'
import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { useCreateCode } from '../../api/devices'
import type { Room } from '../../api/rooms'
import { CodeDialog } from '../../components/code-dialog'
import { showProblem } from '../../components/notices'
import { SecretField } from '../../components/secret-field'
import { exact } from '../../components/time'

/** Makes a code with which one computer enrols itself, and shows it once with the line to paste there. */
export function EnrolDialog({ rooms, onClose }: { rooms: Room[]; onClose: () => void }) {
  const [roomId, setRoomId] = useState('')
  const create = useCreateCode()
  const make = () => {
    create.mutateAsync(roomId === '' ? null : Number(roomId)).catch(showProblem)
  }
  return (
    <CodeDialog
      title={t`A code for one computer`}
      isMade={create.isSuccess}
      isBusy={create.isPending}
      onMake={make}
      onClose={onClose}
    >
      <p>{t`The computer that uses the code first gets a token of its own, and the name that it calls itself.`}</p>
      <NativeSelect
        label={t`The room in which it will be`}
        data-autofocus
        value={roomId}
        data={[
          { value: '', label: t`No room yet` },
          ...rooms.map(({ id, name }) => ({ value: String(id), label: name })),
        ]}
        onChange={(event) => {
          setRoomId(event.currentTarget.value)
        }}
      />
      {create.data && <Code code={create.data.code} expiresAt={create.data.expires_at} />}
    </CodeDialog>
  )
}

function Code({ code, expiresAt }: { code: string; expiresAt: string }) {
  return (
    <>
      <SecretField
        label={t`On Linux and macOS, as root`}
        secret={`DESKBAY_URL=${window.location.origin} sh lab-client.sh enrol ${code}`}
        description={t`The lab client is in scripts/lab-client.`}
      />
      <SecretField
        label={t`On Windows, in PowerShell as administrator`}
        secret={`$env:DESKBAY_URL='${window.location.origin}'; .\\lab-client.ps1 enrol ${code}`}
      />
      <SecretField label={t`The code alone`} secret={code} />
      <p>{t`Shown now, and never again. Good once, until ${exact(expiresAt)}.`}</p>
    </>
  )
}
