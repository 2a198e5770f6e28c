import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Dialog, DialogActions, dialogForm } from './dialog'

type Props = {
  title: string
  isMade: boolean
  isBusy: boolean
  onMake: () => void
  onClose: () => void
  children: ReactNode
}

/** Makes a code that is good once, and another when asked; the children tell what it is for, and show it. */
export function CodeDialog({ title, isMade, isBusy, onMake, onClose, children }: Props) {
  return (
    <Dialog title={title} isOpen onClose={onClose} size="lg">
      <div className={dialogForm}>
        {children}
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {isMade ? t`Done` : t`Cancel`}
          </Button>
          <Button onClick={onMake} loading={isBusy} data-autofocus>
            {isMade ? t`Make another code` : t`Make a code`}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}
