import { t } from '@lingui/core/macro'
import type { Action, HistoryEntry, Values } from '../api/audit'
import { inOwnLanguage } from './own-language'
import { exact } from './time'

/** What was done, as it is said between who did it and to what. */
export const verbs = inOwnLanguage((): Record<Action, string> => ({
  created: t`made`,
  changed: t`changed`,
  deleted: t`deleted`,
  looked: t`looked into`,
  entered: t`entered`,
  downloaded: t`downloaded`,
  refused: t`tried and was refused:`,
}))

const things = inOwnLanguage((): Record<string, string> => ({
  activity: t`the activity of`,
  allowances: t`allowance`,
  announcement_groups: t`announcement group`,
  announcements: t`announcement`,
  api_tokens: t`token`,
  audit_entries: t`the audit`,
  authenticators: t`authenticator`,
  bound_logins: t`bound login`,
  desktop_schedules: t`schedule of desktop`,
  desktops: t`desktop`,
  devices: t`device`,
  enrolment_codes: t`enrolment code`,
  group_members: t`membership of group`,
  groups: t`group`,
  identities: t`account elsewhere`,
  logins: t`sign-in`,
  nested_groups: t`nested group`,
  opening_exceptions: t`opening exception`,
  opening_hours: t`opening hour`,
  passkeys: t`passkey`,
  recordings: t`recording`,
  recovery_codes: t`recovery code`,
  restores: t`restore`,
  role_bindings: t`role binding`,
  roles: t`role`,
  rooms: t`room`,
  runtimes: t`runtime`,
  session_saves: t`session save`,
  sessions: t`session`,
  sign_in_links: t`sign-in link`,
  template_groups: t`template group`,
  template_users: t`template user`,
  template_volumes: t`template volume`,
  templates: t`template`,
  tracking_choices: t`choice on tracking of`,
  users: t`account`,
  volume_attachments: t`volume attachment`,
  volume_groups: t`volume group`,
  volume_users: t`volume user`,
  volumes: t`volume`,
}))

const pages: Record<string, string> = {
  activity: '/people/',
  devices: '/devices/',
  groups: '/groups/',
  rooms: '/rooms/',
  templates: '/templates/',
  users: '/people/',
}

/** The kinds of things that a filter offers, each by its table. */
export const kinds = [
  'desktops', 'users', 'groups', 'group_members', 'logins', 'api_tokens', 'templates', 'runtimes', 'volumes',
  'sessions', 'devices', 'rooms', 'allowances', 'announcements', 'activity', 'recordings',
]

/** What a thing is called, by its table. */
export function thing(kind: string): string {
  return things()[kind] ?? kind.replaceAll('_', ' ').replace(/s$/, '')
}

/** The page of a thing, where it has one. */
export function pageOf({ kind, id }: HistoryEntry['object']): string | null {
  const page = pages[kind]
  return page && id ? page + id : null
}

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/

export type Difference = { name: string; before: string | null; after: string | null }

/**
 * What was different, value by value, in the order of their names, with what tells people little last. What was not
 * there, and is not, is left out.
 */
export function differences(before: Values, after: Values): Difference[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names
    .sort((one, other) => Number(tellsLittle(one)) - Number(tellsLittle(other)) || (one < other ? -1 : 1))
    .map((name) => ({ name: name.replaceAll('_', ' '), before: said(before?.[name]), after: said(after?.[name]) }))
    .filter((one) => one.before !== null || one.after !== null)
}

/** Numbers of things, when they were made, and what is secret. */
function tellsLittle(name: string): boolean {
  return /^(id|uuid|created_at)$|_(id|hash|digest)$/.test(name)
}

function said(value: string | number | boolean | null | undefined): string | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'string' && time.test(value)) return exact(value)
  if (typeof value === 'boolean') return value ? t`yes` : t`no`
  return String(value)
}
