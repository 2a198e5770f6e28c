import { t } from '@lingui/core/macro'
import { Drawer } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './navigation.module.css'

/** The menu in front of the page. It closes by its button, by Escape, and by a tap beside it. */
export default function NavigationDrawer({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  return (
    <Drawer.Root opened onClose={onClose} position="right" size={280} lockScroll={false}>
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={classes.head}>
          <Drawer.Title>Deskbay</Drawer.Title>
          <Drawer.CloseButton aria-label={t`Close the menu`} />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}
