import { t } from '@lingui/core/macro'
import type { User } from '../api/client'
import { may, type Reach, type Scope } from '../api/rights'
import { inOwnLanguage } from './own-language'

export type Place = { to: string; name: string }
type Managed = Place & { scope: Scope; reach: Reach }

export const everyones = inOwnLanguage((): Place[] => [
  { to: '/', name: t`Desktops` },
  { to: '/sessions', name: t`Sessions` },
  { to: '/volumes', name: t`Volumes` },
  { to: '/activity', name: t`My activity` },
  { to: '/my-devices', name: t`My devices` },
])

/** The pages for who looks after more than what is their own, and the right that each of them takes. */
const managed = inOwnLanguage((): Managed[] => [
  { to: '/on-now', name: t`On now`, scope: 'activity:read', reach: 'group' },
  { to: '/desktops', name: t`All desktops`, scope: 'desktops:read', reach: 'group' },
  { to: '/templates', name: t`Templates`, scope: 'templates:write', reach: 'all' },
  { to: '/runtimes', name: t`Runtimes`, scope: 'runtimes:read', reach: 'all' },
  { to: '/allowances', name: t`Allowances`, scope: 'people:read', reach: 'all' },
  { to: '/rooms', name: t`Rooms`, scope: 'devices:read', reach: 'all' },
  { to: '/devices', name: t`Devices`, scope: 'devices:read', reach: 'all' },
  { to: '/people', name: t`People`, scope: 'people:read', reach: 'group' },
  { to: '/groups', name: t`Groups`, scope: 'people:read', reach: 'group' },
  { to: '/roles', name: t`Roles`, scope: 'people:read', reach: 'all' },
  { to: '/tokens', name: t`Tokens`, scope: 'people:read', reach: 'all' },
  { to: '/recordings', name: t`Recordings`, scope: 'recordings:read', reach: 'group' },
  { to: '/reports', name: t`Reports`, scope: 'activity:read', reach: 'group' },
  { to: '/audit', name: t`Audit`, scope: 'server:read', reach: 'all' },
  { to: '/announcements', name: t`Announcements`, scope: 'server:write', reach: 'all' },
  { to: '/settings', name: t`Settings`, scope: 'server:read', reach: 'all' },
])

/** The pages that somebody's rights lead to beside everyone's. */
export function placesOf(user: User): Place[] {
  return managed().filter(({ scope, reach }) => may(user, scope, reach))
}

/** Tells whether an address is that of a place, or a deeper one. */
export function isAt({ to }: Place, pathname: string): boolean {
  return pathname === to || pathname.startsWith(`${to}/`)
}

/** Tells whether somebody's rights lead to an address beside everyone's. */
export function leadsTo(user: User, pathname: string): boolean {
  return placesOf(user).some((place) => isAt(place, pathname))
}
