import type { Action, HistoryEntry, Values } from '../api/audit'
import { exact } from './time'

/** What was done, as it is said between who did it and to what. */
export const verbs: Record<Action, string> = {
  created: 'made',
  changed: 'changed',
  deleted: 'deleted',
  looked: 'looked into',
  entered: 'entered',
  downloaded: 'downloaded',
  refused: 'tried and was refused:',
}

const things: Record<string, string> = {
  activity: 'the activity of',
  api_tokens: 'token',
  audit_entries: 'the audit',
  announcements: 'announcement',
  desktop_schedules: 'schedule of desktop',
  group_members: 'membership of group',
  identities: 'account elsewhere',
  logins: 'sign-in',
  sign_in_links: 'sign-in link',
  tracking_choices: 'choice on tracking of',
  users: 'account',
}

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
  return things[kind] ?? kind.replaceAll('_', ' ').replace(/s$/, '')
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
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}
