import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import type { ReactNode, SubmitEvent } from 'react'
import { DialogActions, dialogForm } from './dialog'

type Props = {
  action: string
  /** Whether what it does can't be undone. */
  isForGood?: boolean
  isBusy: boolean
  isDisabled?: boolean
  onSubmit: () => void
  onClose: () => void
  children: ReactNode
}

/** The fields of a dialog, with a button that does the action and one that leaves all as it was. */
export function DialogForm({ action, isForGood = false, isBusy, isDisabled = false, onSubmit, onClose, children }: Props) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form ref={takeFocus} className={dialogForm} onSubmit={submit}>
      {children}
      <DialogActions>
        <Button variant="default" onClick={onClose}>
          {t`Cancel`}
        </Button>
        <Button type="submit" {...(isForGood && { color: 'red.9' })} disabled={isDisabled} loading={isBusy}>
          {action}
        </Button>
      </DialogActions>
    </form>
  )
}

/** Where a form comes later than its dialog, has it begin there rather than where the dialog is closed. */
function takeFocus(form: HTMLFormElement | null): void {
  if (!form?.closest('[role="dialog"]')?.contains(document.activeElement)) return
  const first = form.querySelector<HTMLElement>('[data-autofocus]') ?? form.querySelector<HTMLElement>('input, select, textarea, button')
  first?.focus()
}
