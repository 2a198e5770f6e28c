import type { User } from '../api/client'
import { may, type Reach, type Scope } from '../api/rights'

export type Place = { to: string; name: string }
type Managed = Place & { scope: Scope; reach: Reach }

export const everyones: Place[] = [
  { to: '/', name: 'Desktops' },
  { to: '/sessions', name: 'Sessions' },
  { to: '/volumes', name: 'Volumes' },
  { to: '/activity', name: 'My activity' },
  { to: '/my-devices', name: 'My devices' },
]

/** The pages for who looks after more than what is their own, and the right that each of them takes. */
const managed: Managed[] = [
  { to: '/on-now', name: 'On now', scope: 'activity:read', reach: 'group' },
  { to: '/desktops', name: 'All desktops', scope: 'desktops:read', reach: 'group' },
  { to: '/templates', name: 'Templates', scope: 'templates:write', reach: 'all' },
  { to: '/runtimes', name: 'Runtimes', scope: 'runtimes:read', reach: 'all' },
  { to: '/allowances', name: 'Allowances', scope: 'people:read', reach: 'all' },
  { to: '/rooms', name: 'Rooms', scope: 'devices:read', reach: 'all' },
  { to: '/devices', name: 'Devices', scope: 'devices:read', reach: 'all' },
  { to: '/people', name: 'People', scope: 'people:read', reach: 'group' },
  { to: '/groups', name: 'Groups', scope: 'people:read', reach: 'group' },
  { to: '/roles', name: 'Roles', scope: 'people:read', reach: 'all' },
  { to: '/recordings', name: 'Recordings', scope: 'recordings:read', reach: 'group' },
  { to: '/reports', name: 'Reports', scope: 'activity:read', reach: 'group' },
  { to: '/audit', name: 'Audit', scope: 'server:read', reach: 'all' },
  { to: '/announcements', name: 'Announcements', scope: 'server:write', reach: 'all' },
  { to: '/settings', name: 'Settings', scope: 'server:read', reach: 'all' },
]

/** The pages that somebody's rights lead to beside everyone's. */
export function placesOf(user: User): Place[] {
  return managed.filter(({ scope, reach }) => may(user, scope, reach))
}

/** Tells whether an address is that of a place, or a deeper one. */
export function isAt({ to }: Place, pathname: string): boolean {
  return pathname === to || pathname.startsWith(`${to}/`)
}

/** Tells whether somebody's rights lead to an address beside everyone's. */
export function leadsTo(user: User, pathname: string): boolean {
  return placesOf(user).some((place) => isAt(place, pathname))
}
