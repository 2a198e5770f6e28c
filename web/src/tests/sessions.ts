import type { OwnDevice } from '../api/own-devices'
import type { Restore } from '../api/restores'
import type { Save, Session, SessionApplication, Snapshot } from '../api/sessions'
import type { FakeServer } from './fake-server'
import { serverOfAda } from './render-app'
import { tracking } from './tracking'

export function session(different: Partial<Session> = {}): Session {
  return {
    id: 12,
    name: 'Thesis',
    slug: 'thesis',
    description: '',
    device: { id: 7, name: 'laptop' },
    is_active: false,
    is_tracking: true,
    created_at: '2026-03-01T09:00:00Z',
    saved_at: '2026-03-01T10:00:00Z',
    restored_at: null,
    last_active_at: '2026-03-01T10:00:00Z',
    deleted_at: null,
    applications: [{ application: 'mousepad', name: 'Mousepad' }],
    total_seconds: 5400,
    ...different,
  }
}

export function application(different: Partial<SessionApplication> = {}): SessionApplication {
  return {
    application: 'mousepad',
    name: 'Mousepad',
    exe: '/usr/bin/mousepad',
    command: ['mousepad', '/home/ada/thesis.txt'],
    is_open: true,
    open_periods: [],
    open_seconds: 0,
    foreground_periods: [],
    foreground_seconds: 0,
    ...different,
  }
}

export function ownDevice(different: Partial<OwnDevice> = {}): OwnDevice {
  return {
    id: 7,
    uuid: '5d0f5f0e-3f6c-4f4b-8a30-0d9f0f6c0007',
    name: 'laptop',
    system: 'linux',
    system_release: '6.1',
    system_version: null,
    architecture: 'x86_64',
    template: null,
    has_token: true,
    enrolled_at: '2026-02-01T10:00:00Z',
    revoked_at: null,
    last_seen_at: '2026-03-01T10:00:00Z',
    connected: true,
    ...different,
  }
}

export function save(different: Partial<Save> = {}): Save {
  return { id: 31, saved_at: '2026-03-01T10:00:00Z', reason: 'saved', applications: 1, ...different }
}

type Application = Snapshot['applications'][number]
type Window = Application['windows'][number]

export function openWindow(different: Partial<Window> = {}): Window {
  return {
    x: 100, y: 50, width: 640, height: 480, monitor: 0, workspace: 0, state: 'normal', foreground: true, stacking: null, title: null,
    contents: ['/home/ada/thesis.txt'], content: 0,
    ...different,
  }
}

export function program(different: Partial<Application> = {}): Application {
  return {
    key: 'mousepad-1', application: 'mousepad', name: 'Mousepad', exe: '/usr/bin/mousepad', command: ['mousepad'],
    folder: null, windows: [openWindow()],
    ...different,
  }
}

export function snapshot(different: Partial<Snapshot> = {}): Snapshot {
  return {
    taken_at: '2026-03-01T10:00:00Z',
    system: 'x11',
    home: '/home/ada',
    monitors: [{ x: 0, y: 0, width: 1280, height: 800, primary: true }],
    applications: [program()],
    ...different,
  }
}

export function restore(different: Partial<Restore> = {}): Restore {
  return {
    run: '7c0f5f0e-3f6c-4f4b-8a30-0d9f0f6c0012',
    session_id: 12,
    device: { id: 7, name: 'laptop' },
    state: 'waiting',
    reason: null,
    requested_at: '2026-03-01T11:00:00Z',
    finished_at: null,
    applications: [
      { key: 'mousepad-1', application: 'mousepad', name: 'Mousepad', state: 'waiting', reason: null, suggestion: null },
    ],
    ...different,
  }
}

/** A server that keeps these sessions of Ada's, who has one device. */
export function serverOfSessions(...sessions: Session[]): FakeServer {
  const server = serverOfAda()
    .on('GET /api/v1/sessions', ({ url }) => {
      const isTrash = new URL(url).searchParams.get('deleted') === 'true'
      const items = sessions.filter(({ deleted_at }) => (deleted_at !== null) === isTrash)
      return { body: { items, next_cursor: null } }
    })
    .on('GET /api/v1/devices/mine', { body: { items: [ownDevice()] } })
    .on('GET /api/v1/tracking', { body: tracking() })
  for (const one of sessions) {
    server
      .on(`GET /api/v1/sessions/${one.id}`, { body: one })
      .on(`GET /api/v1/sessions/${one.id}/applications`, { body: { items: [application()] } })
      .on(`GET /api/v1/sessions/${one.id}/restores`, { body: { items: [], next_cursor: null } })
      .on(`GET /api/v1/sessions/${one.id}/saves`, { body: { items: [save()], next_cursor: null } })
      .on(`GET /api/v1/sessions/${one.id}/saves/31`, { body: { ...save(), snapshot: snapshot() } })
  }
  return server
}
