import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconArrowBackUp, IconDeviceFloppy, IconRestore, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Session } from '../../api/sessions'
import { DeleteSessionDialog } from './delete-session-dialog'
import { RestoreDialog } from './restore-dialog'
import { useSessionActions } from './use-session-actions'

/** The main things to do with a session: save it while it is active, bring it back. */
export function SessionButtons({ session }: { session: Session }) {
  const [isRestoring, setIsRestoring] = useState(false)
  const { save, isSaving } = useSessionActions(session)
  return (
    <>
      {session.is_active && (
        <Button
          leftSection={<IconDeviceFloppy size={18} aria-hidden="true" />}
          aria-label={t`Save now: ${session.name}`}
          loading={isSaving}
          onClick={save}
        >
          {t`Save now`}
        </Button>
      )}
      <Button
        variant={session.is_active ? 'light' : 'filled'}
        leftSection={<IconRestore size={18} aria-hidden="true" />}
        aria-label={t`Restore ${session.name}`}
        onClick={() => {
          setIsRestoring(true)
        }}
      >
        {t`Restore…`}
      </Button>
      {isRestoring && (
        <RestoreDialog
          session={session}
          onClose={() => {
            setIsRestoring(false)
          }}
        />
      )}
    </>
  )
}

type TrashProps = { session: Session; onDeleted?: (() => void) | undefined }

/** What can be done with a session in the trash. */
export function TrashButtons({ session, onDeleted }: TrashProps) {
  const [isDeleting, setIsDeleting] = useState(false)
  const { putBack, isPuttingBack } = useSessionActions(session)
  return (
    <>
      <Button
        variant="light"
        leftSection={<IconArrowBackUp size={18} aria-hidden="true" />}
        aria-label={t`Put back ${session.name}`}
        loading={isPuttingBack}
        onClick={putBack}
      >
        {t`Put back`}
      </Button>
      <Button
        variant="subtle"
        color="red"
        leftSection={<IconTrash size={18} aria-hidden="true" />}
        aria-label={t`Delete ${session.name} for good`}
        onClick={() => {
          setIsDeleting(true)
        }}
      >
        {t`Delete…`}
      </Button>
      {isDeleting && (
        <DeleteSessionDialog
          session={session}
          onDeleted={onDeleted}
          onClose={() => {
            setIsDeleting(false)
          }}
        />
      )}
    </>
  )
}
