import { ActionIcon } from '@mantine/core'
import { IconMenu2 } from '@tabler/icons-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { NavLink } from 'react-router'
import type { User } from '../api/client'
import classes from './navigation.module.css'

const NavigationDrawer = lazy(() => import('./navigation-drawer'))

type Place = { to: string; name: string }

const everyones: Place[] = [
  { to: '/', name: 'Desktops' },
  { to: '/sessions', name: 'Sessions' },
  { to: '/activity', name: 'My activity' },
  { to: '/my-devices', name: 'My devices' },
]
const administrators: Place[] = [
  { to: '/on-now', name: 'On now' },
  { to: '/desktops', name: 'All desktops' },
  { to: '/templates', name: 'Templates' },
  { to: '/runtimes', name: 'Runtimes' },
  { to: '/rooms', name: 'Rooms' },
  { to: '/devices', name: 'Devices' },
  { to: '/people', name: 'People' },
  { to: '/reports', name: 'Reports' },
]

/** The ways to every page: in a row, or where that is too wide behind a menu button. */
export function Navigation({ user }: { user: User }) {
  const [isOpen, setIsOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setIsOpen(false)
  }
  return (
    <>
      <div className={classes.menu}>
        <ActionIcon
          ref={button}
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Menu"
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onClick={() => {
            setIsOpen(true)
          }}
        >
          <IconMenu2 size={21} aria-hidden="true" />
        </ActionIcon>
      </div>
      <nav className={classes.row} aria-label="Pages">
        <Links user={user} />
      </nav>
      {isOpen && (
        <Suspense>
          <NavigationDrawer
            onClose={() => {
              close()
              button.current?.focus()
            }}
          >
            <nav className={classes.column} aria-label="Pages">
              <Links user={user} onFollow={close} />
            </nav>
          </NavigationDrawer>
        </Suspense>
      )}
    </>
  )
}

type LinksProps = { user: User; onFollow?: () => void }

function Links({ user, onFollow }: LinksProps) {
  return (
    <>
      <Group places={everyones} onFollow={onFollow} />
      {user.role === 'administrator' && (
        <Group name="Administration" places={administrators} onFollow={onFollow} />
      )}
    </>
  )
}

type GroupProps = { name?: string; places: Place[]; onFollow: (() => void) | undefined }

function Group({ name, places, onFollow }: GroupProps) {
  return (
    <ul className={classes.group} aria-label={name}>
      {places.map((place) => (
        <li key={place.to}>
          <NavLink to={place.to} end={place.to === '/'} onClick={onFollow}>
            {place.name}
          </NavLink>
        </li>
      ))}
    </ul>
  )
}
