import type { Desktop, Template, User } from '../api/client'
import type { Device } from '../api/devices'
import type { Person } from '../api/people'
import type { Reach } from '../api/rights'
import type { SignIn } from '../api/sign-ins'

const plain = { email: null, zone: null, language: null, theme: 'auto' } as const
const everyones: User['rights'] = {
  ...both('own', 'desktops', 'volumes', 'sessions', 'activity', 'devices', 'profile'),
  'templates:read': 'own',
  'people:read': 'own',
  'recordings:read': 'own',
  'server:read': 'own',
}
export const ada: User = {
  ...plain,
  id: 1,
  username: 'ada',
  full_name: 'Ada Lovelace',
  role: 'user',
  rights: everyones,
}
/** Looks after a group. */
export const joan: User = {
  ...plain,
  id: 3,
  username: 'joan',
  full_name: 'Joan Clarke',
  role: 'user',
  rights: { ...everyones, ...both('group', 'desktops', 'people'), 'activity:read': 'group' },
}
export const grace: User = {
  ...plain,
  id: 2,
  username: 'grace',
  full_name: 'Grace Hopper',
  role: 'administrator',
  rights: both('all', ...Object.keys(everyones).map(nounOf), 'runtimes'),
}

/** The rights to read and to write things of these kinds. */
export function both(reach: Reach, ...nouns: string[]): User['rights'] {
  return Object.fromEntries(nouns.flatMap((noun) => [`${noun}:read`, `${noun}:write`].map((scope) => [scope, reach])))
}

function nounOf(scope: string): string {
  return scope.split(':')[0] ?? ''
}

export function desktop(different: Partial<Desktop> = {}): Desktop {
  return {
    id: 7,
    uuid: '0b8a2b5e-7f51-4c58-9d0e-6a8f5a8f3c11',
    name: 'Work',
    template: { slug: 'desktop', name: 'Desktop', icon: 'device-desktop' },
    owner: { id: 1, username: 'ada' },
    memory_mb: 2048,
    cpus: 2,
    state: 'running',
    wanted: 'running',
    reason: null,
    deadline: null,
    created_at: '2026-03-01T10:00:00Z',
    state_since: '2026-03-01T10:00:02Z',
    started_at: '2026-03-01T10:00:00Z',
    message: null,
    message_at: null,
    stop: null,
    ends_at: null,
    latest_end: null,
    scheduled_start_at: null,
    scheduled_stop_at: null,
    session_id: null,
    restore: null,
    volumes: [],
    protocol: 'vnc',
    clipboard: 'both',
    is_recorded: false,
    steps: [],
    ...different,
  }
}

/** What everyone sees of a template, and those who edit it. */
export const aTemplate = {
  id: 1,
  slug: 'desktop',
  name: 'Desktop',
  description: 'Light and quick.',
  icon: 'device-desktop',
  category: 'Desktops',
  runtime: 'local',
  network: 'internet',
  protocol: 'vnc',
  memory_mb: 2048,
  least_memory_mb: 1024,
  most_memory_mb: 8192,
  cpus: 2,
  least_cpus: 1,
  most_cpus: 4,
  clipboard: 'both',
  is_recorded: false,
  idle_limit_seconds: null,
  lifetime_seconds: null,
  most_lifetime_seconds: null,
  unavailable_reason: null,
} as const

export function template(different: Partial<Template> = {}): Template {
  return { ...aTemplate, is_favourite: false, last_launch: null, ...different }
}

export function signIn(different: Partial<SignIn> = {}): SignIn {
  return {
    id: '7c0f5f0e-3f6c-4f4b-8a30-0d9f0f6c0001',
    user_id: 1,
    username: 'ada',
    full_name: 'Ada Lovelace',
    device_id: 5,
    device: 'pc-05',
    room_id: 3,
    room: 'Lab 1',
    address: null,
    started_at: '2026-03-01T10:00:00Z',
    ends_at: '2026-03-01T11:30:00Z',
    online: false,
    idle_since: null,
    event: null,
    application: null,
    clock_offset_ms: 0,
    ...different,
  }
}

export function device(different: Partial<Device> = {}): Device {
  return {
    id: 5,
    uuid: '5d0f5f0e-3f6c-4f4b-8a30-0d9f0f6c0005',
    name: 'pc-05',
    room: { id: 3, name: 'Lab 1', rows: 4, columns: 6, zone: 'UTC', has_map_link: false },
    row: 1,
    column: 5,
    template: null,
    owner: null,
    state: 'free',
    has_token: true,
    enrolled_at: '2026-02-01T10:00:00Z',
    revoked_at: null,
    last_seen_at: null,
    ...different,
  }
}

export function person(different: Partial<Person> = {}): Person {
  return {
    id: 1,
    username: 'ada',
    email: 'ada@example.org',
    full_name: 'Ada Lovelace',
    role: 'user',
    created_at: '2026-02-01T10:00:00Z',
    disabled_at: null,
    last_seen_at: null,
    seat: null,
    ...different,
  }
}
