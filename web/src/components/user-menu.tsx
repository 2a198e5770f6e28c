import { t } from '@lingui/core/macro'
import { Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconDevicesOff, IconHistory, IconLogout, IconUserCircle } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useSignOut, useSignOutEverywhere } from '../api/account'
import type { User } from '../api/client'
import { showProblem } from './notices'
import classes from './user-menu.module.css'

export function UserMenu({ user }: { user: User }) {
  const name = user.full_name ?? user.username
  const signOut = useSignOut()
  const signOutEverywhere = useSignOutEverywhere()
  return (
    <Menu position="bottom-end" width={260} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={classes.button} aria-label={t`Account of ${name}`}>
          <span className={classes.initials} data-initials={initials(name)} />
          <IconChevronDown size={16} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{name}</strong>
          <span>{user.email ?? user.username}</span>
          {user.role === 'administrator' && <span>{t`Administrator`}</span>}
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/profile" leftSection={<IconUserCircle size={17} aria-hidden="true" />}>
          {t`Profile`}
        </Menu.Item>
        <Menu.Item component={Link} to="/history" leftSection={<IconHistory size={17} aria-hidden="true" />}>
          {t`My history and privacy`}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={17} aria-hidden="true" />}
          onClick={() => {
            signOut.mutate(undefined, { onError: showProblem })
          }}
        >
          {t`Sign out`}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconDevicesOff size={17} aria-hidden="true" />}
          onClick={() => {
            signOutEverywhere.mutate(undefined, { onError: showProblem })
          }}
        >
          {t`Sign out everywhere`}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** The first letters of the first and last word: "Ada Lovelace" is AL. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => word !== '')
  const ends = words.length > 1 ? [words[0], words[words.length - 1]] : words
  return ends.map((word) => word?.charAt(0).toUpperCase()).join('')
}
