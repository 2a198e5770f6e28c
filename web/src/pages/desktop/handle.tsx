import { t } from '@lingui/core/macro'
import { UnstyledButton } from '@mantine/core'
import { IconLayoutSidebarRightExpand } from '@tabler/icons-react'
import classes from './screen.module.css'

export function Handle({ onOpen }: { onOpen: () => void }) {
  return (
    <UnstyledButton
      className={classes.handle}
      aria-label={t`Open the panel`}
      aria-keyshortcuts="Control+Alt+Shift"
      title={t`Panel (Ctrl + Alt + Shift)`}
      onClick={onOpen}
    >
      <IconLayoutSidebarRightExpand size={20} stroke={1.8} aria-hidden="true" />
    </UnstyledButton>
  )
}
