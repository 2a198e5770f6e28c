import { ActionIcon, Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconMenu2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useRef, useState } from 'react'
import { NavLink, useLocation } from 'react-router'
import type { User } from '../api/client'
import { groupsQuery } from '../api/groups'
import classes from './navigation.module.css'

const NavigationDrawer = lazy(() => import('./navigation-drawer'))

type Place = { to: string; name: string }

const groups: Place = { to: '/groups', name: 'Groups' }
const everyones: Place[] = [
  { to: '/', name: 'Desktops' },
  { to: '/sessions', name: 'Sessions' },
  { to: '/volumes', name: 'Volumes' },
  { to: '/activity', name: 'My activity' },
  { to: '/my-devices', name: 'My devices' },
]
const administrators: Place[] = [
  { to: '/on-now', name: 'On now' },
  { to: '/desktops', name: 'All desktops' },
  { to: '/templates', name: 'Templates' },
  { to: '/runtimes', name: 'Runtimes' },
  { to: '/allowances', name: 'Allowances' },
  { to: '/rooms', name: 'Rooms' },
  { to: '/devices', name: 'Devices' },
  { to: '/people', name: 'People' },
  groups,
  { to: '/recordings', name: 'Recordings' },
  { to: '/reports', name: 'Reports' },
  { to: '/audit', name: 'Audit' },
  { to: '/announcements', name: 'Announcements' },
  { to: '/settings', name: 'Settings' },
]

/** The ways to every page: in a row with a menu of administrators' own, or where that is too wide behind a button. */
export function Navigation({ user }: { user: User }) {
  const [isOpen, setIsOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const places = usePlaces(user)
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
        <Group places={places} />
        {user.role === 'administrator' && <Administration />}
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
              <Group places={places} onFollow={close} />
              {user.role === 'administrator' && (
                <Group name="Administration" places={administrators} onFollow={close} />
              )}
            </nav>
          </NavigationDrawer>
        </Suspense>
      )}
    </>
  )
}

/** The ways for everyone, with one to the groups for who looks after some and is no administrator. */
function usePlaces({ role }: User): Place[] {
  const { data } = useQuery({ ...groupsQuery({ limit: 1 }), enabled: role !== 'administrator', staleTime: 300_000 })
  return data && data.total > 0 ? [...everyones, groups] : everyones
}

function Administration() {
  const { pathname } = useLocation()
  const isHere = administrators.some(({ to }) => pathname === to || pathname.startsWith(`${to}/`))
  return (
    <Menu position="bottom-start" width={200} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={classes.administration} data-here={isHere || undefined}>
          Administration
          <IconChevronDown size={16} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {administrators.map(({ to, name }) => (
          <Menu.Item key={to} component={NavLink} to={to} className={classes.place}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

type GroupProps = { name?: string; places: Place[]; onFollow?: () => void }

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
