import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import type { ReactNode, SubmitEvent } from 'react'
import { DialogActions, dialogForm } from './dialog'

type Props = {
  action: string
  isBusy: boolean
  isDisabled?: boolean
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}

/** The fields of a dialog, with a button that does the action and one that leaves all as it was. */
export function DialogForm({ action, isBusy, isDisabled = false, onSubmit, onClose, children }: Props) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form className={dialogForm} onSubmit={submit}>
      {children}
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t`Cancel`}
        </Button>
        <Button type="submit" disabled={isDisabled} loading={isBusy}>
          {action}
        </Button>
      </DialogActions>
    </form>
  )
}
