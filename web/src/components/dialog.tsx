import { t } from '@lingui/core/macro'
import { Modal, type MantineSize } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'
import classes from './dialog.module.css'

type Props = {
  title: string
  isOpen: boolean
  onClose: () => void
  size?: MantineSize
  /** Whether it stays until a button in it is pressed: what it tells is not told again. */
  isHeld?: boolean
  children: ReactNode
}

/** Asks or tells something in front of the page. What was typed is forgotten when it closes. */
export function Dialog({ title, isOpen, onClose, size = 'md', isHeld = false, children }: Props) {
  useFocusBack(isOpen)
  return (
    <Modal.Root
      opened={isOpen}
      onClose={onClose}
      size={size}
      centered
      lockScroll={false}
      closeOnEscape={!isHeld}
      closeOnClickOutside={!isHeld}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content radius="lg">
        <Modal.Body className={classes.body}>
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          {children}
          {/* Last, so that a dialog begins with what it is for. */}
          {!isHeld && <Modal.CloseButton className={classes.close ?? ''} aria-label={t`Close`} />}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

/** Gives the focus back to what had it, also where the dialog goes away as a whole instead of closing. */
function useFocusBack(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return
    const before = document.activeElement
    return () => {
      setTimeout(() => {
        if (document.activeElement !== document.body) return
        const next = before?.isConnected ? before : document.querySelector('main')
        if (next instanceof HTMLElement) next.focus({ preventScroll: true })
      })
    }
  }, [isOpen])
}

/** What can be done about a dialog, the main thing last. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={classes.actions}>{children}</div>
}

export const dialogForm = classes.form
