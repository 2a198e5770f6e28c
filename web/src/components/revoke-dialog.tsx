import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Dialog, DialogActions, dialogForm } from './dialog'
import { showDone, showProblem } from './notices'

type Props = {
  name: string
  onRevoke: () => Promise<unknown>
  isPending: boolean
  onClose: () => void
  children: ReactNode
}

/** Asks before a device or a program loses its access; says what comes of it. */
export function RevokeDialog({ name, onRevoke, isPending, onClose, children }: Props) {
  const run = () => {
    onRevoke().then(() => {
      onClose()
      showDone(t`${name} is revoked.`)
    }, showProblem)
  }
  return (
    <Dialog title={t`Revoke ${name}?`} isOpen onClose={onClose}>
      <div className={dialogForm}>
        <p>{children}</p>
        <DialogActions>
          <Button variant="default" onClick={onClose} data-autofocus>
            {t`Keep it`}
          </Button>
          <Button color="red.9" onClick={run} loading={isPending}>
            {t`Revoke`}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}
