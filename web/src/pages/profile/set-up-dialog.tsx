import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { setUpQuery, useConfirmApp } from '../../api/second-step'
import { AppSetUp } from '../../components/app-set-up'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { KeepCodes } from './keep-codes'

/** Sets an authenticator app up; it counts once a first code has come from it. */
export function SetUpDialog({ onClose }: { onClose: () => void }) {
  const [code, setCode] = useState('')
  const setUp = useQuery(setUpQuery)
  const confirm = useConfirmApp()
  return (
    <Dialog title={confirm.data ? t`Keep your recovery codes` : t`Set up an app`} isOpen onClose={onClose} isHeld={confirm.data !== undefined} size="lg">
      {confirm.data ? (
        <KeepCodes codes={confirm.data.codes} onClose={onClose} />
      ) : (
        <DialogForm
          action={t`Turn on`}
          isBusy={confirm.isPending}
          isDisabled={!setUp.data}
          onSubmit={() => {
            confirm.mutate(code.trim())
          }}
          onClose={onClose}
        >
          <AppSetUp setUp={setUp.data} error={setUp.error ?? confirm.error} code={code} onCode={setCode} />
        </DialogForm>
      )}
    </Dialog>
  )
}
