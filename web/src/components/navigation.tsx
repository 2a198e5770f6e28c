import { t } from '@lingui/core/macro'
import { ActionIcon, Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconMenu2 } from '@tabler/icons-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { NavLink, useLocation } from 'react-router'
import type { User } from '../api/client'
import classes from './navigation.module.css'
import { everyones, isAt, placesOf, type Place } from './places'

const NavigationDrawer = lazy(() => import('./navigation-drawer'))

/** The ways to every page: in a row with a menu of what one looks after, or where that is too wide behind a button. */
export function Navigation({ user }: { user: User }) {
  const [isOpen, setIsOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const managed = placesOf(user)
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
          aria-label={t`Menu`}
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          onClick={() => {
            setIsOpen(true)
          }}
        >
          <IconMenu2 size={21} aria-hidden="true" />
        </ActionIcon>
      </div>
      <nav className={classes.row} aria-label={t`Pages`}>
        <Group places={everyones()} />
        {managed.length > 0 && <Administration places={managed} />}
      </nav>
      {isOpen && (
        <Suspense>
          <NavigationDrawer
            onClose={() => {
              close()
              button.current?.focus()
            }}
          >
            <nav className={classes.column} aria-label={t`Pages`}>
              <Group places={everyones()} onFollow={close} />
              {managed.length > 0 && <Group name={t`Administration`} places={managed} onFollow={close} />}
            </nav>
          </NavigationDrawer>
        </Suspense>
      )}
    </>
  )
}

function Administration({ places }: { places: Place[] }) {
  const { pathname } = useLocation()
  const isHere = places.some((place) => isAt(place, pathname))
  return (
    <Menu position="bottom-start" width={200} shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <UnstyledButton className={classes.administration} data-here={isHere || undefined}>
          {t`Administration`}
          <IconChevronDown size={16} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {places.map(({ to, name }) => (
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
