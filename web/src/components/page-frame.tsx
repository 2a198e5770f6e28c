import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, type ReactNode } from 'react'
import { Link, useLocation } from 'react-router'
import { announcementsQuery } from '../api/announcements'
import type { User } from '../api/client'
import { useChangeProfile } from '../api/profile'
import { Announcements } from './announcements'
import { Logo } from './logo'
import { Navigation } from './navigation'
import { showProblem } from './notices'
import classes from './page-frame.module.css'
import { SchemeToggle } from './scheme-toggle'
import { UserMenu } from './user-menu'

type Props = { title: string; user: User; children: ReactNode }

/** What pages of a signed-in person have in common: the header, and the main part that a skip link leads to. */
export function PageFrame({ title, user, children }: Props) {
  const main = useFocusOnArrival()
  return (
    <>
      <title>{`${title} · Deskbay`}</title>
      <a className={classes.skip} href="#main">
        {t`Skip to the content`}
      </a>
      <header className={classes.header}>
        <Link to="/" className={classes.home} aria-label={t`Deskbay, your desktops`}>
          <Logo />
        </Link>
        <Navigation user={user} />
        <OwnSchemeToggle />
        <UserMenu user={user} />
      </header>
      <OwnAnnouncements />
      <main id="main" ref={main} tabIndex={-1} className={classes.main}>
        {children}
      </main>
    </>
  )
}

/** What administrators have this person know. */
function OwnAnnouncements() {
  const { data } = useQuery(announcementsQuery)
  return <Announcements of={data ?? []} />
}

/** The colours that are chosen here are the person's own, on every device. */
function OwnSchemeToggle() {
  const { mutate } = useChangeProfile()
  return (
    <SchemeToggle
      onChoose={(theme) => {
        mutate({ theme }, { onError: showProblem })
      }}
    />
  )
}

let lastShown: string | undefined

/**
 * A page that takes the place of another takes the focus too, so that the keyboard and screen readers go on from
 * there; so does one that took away the very thing that had it.
 */
function useFocusOnArrival() {
  const main = useRef<HTMLElement>(null)
  // What is chosen on a page is in its query: a choice must leave the focus where it is.
  const { pathname } = useLocation()
  useEffect(() => {
    const isOther = lastShown !== pathname || document.activeElement === document.body
    if (lastShown !== undefined && isOther) main.current?.focus({ preventScroll: true })
    lastShown = pathname
  }, [pathname])
  return main
}
