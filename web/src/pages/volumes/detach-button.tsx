import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useDetach, type Volume } from '../../api/volumes'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { showDone, showProblem } from '../../components/notices'
import { isRunning, restartWarning } from './restart-words'

type Props = { volume: Volume; use: Volume['desktops'][number] }

/** Takes a volume from a desktop; where that is started again for it, it says so before. */
export function DetachButton({ volume, use }: Props) {
  const [isAsking, setIsAsking] = useState(false)
  const detach = useDetach()
  const run = () => {
    detach.mutateAsync({ id: volume.id, desktop: use.id }).then(() => {
      setIsAsking(false)
      showDone(
        isRunning(use.state)
          ? t`${use.name} is started again without ${volume.name}; all files stay.`
          : t`${use.name} has ${volume.name} no more; all files stay.`,
      )
    }, showProblem)
  }
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        aria-label={t`Detach ${volume.name} from ${use.name}`}
        loading={detach.isPending}
        onClick={() => {
          if (isRunning(use.state)) setIsAsking(true)
          else run()
        }}
      >
        {t`Detach`}
      </Button>
      <Dialog
        title={t`Detach ${volume.name} from ${use.name}?`}
        isOpen={isAsking}
        onClose={() => {
          setIsAsking(false)
        }}
      >
        <DialogForm
          action={t`Detach and start again`}
          isBusy={detach.isPending}
          onSubmit={run}
          onClose={() => {
            setIsAsking(false)
          }}
        >
          <p>{restartWarning(use.name, 'without')}</p>
        </DialogForm>
      </Dialog>
    </>
  )
}
