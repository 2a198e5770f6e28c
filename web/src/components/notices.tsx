import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { messageOf } from '../api/problem'
import { inOwnLanguage } from './own-language'

const closeButtonProps = inOwnLanguage(() => ({ 'aria-label': t`Close this notice` }))

/** Tells that something was refused or failed. */
export function showProblem(error: unknown): void {
  notifications.show({
    color: 'red',
    icon: <IconAlertTriangle size={18} aria-hidden="true" />,
    title: t`That did not work`,
    message: messageOf(error),
    autoClose: 10_000,
    closeButtonProps: closeButtonProps(),
  })
}

/** Tells that something was done, with the way back where there is one. */
export function showDone(message: string, undo?: { label: string; run: () => void }): void {
  const id = notifications.show({
    color: 'bay',
    icon: <IconCheck size={18} aria-hidden="true" />,
    autoClose: undo ? 8_000 : 4_000,
    closeButtonProps: closeButtonProps(),
    message: undo ? (
      <>
        {message}{' '}
        <Button
          variant="light"
          size="compact-sm"
          onClick={() => {
            notifications.hide(id)
            undo.run()
          }}
        >
          {undo.label}
        </Button>
      </>
    ) : (
      message
    ),
  })
}
