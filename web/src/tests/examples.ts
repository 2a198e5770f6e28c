import type { Desktop, Template, User } from '../api/client'

export const ada: User = { id: 1, username: 'ada', email: null, full_name: 'Ada Lovelace', role: 'user' }
export const grace: User = { id: 2, username: 'grace', email: null, full_name: 'Grace Hopper', role: 'administrator' }

export function desktop(different: Partial<Desktop> = {}): Desktop {
  return {
    id: 7,
    uuid: '0b8a2b5e-7f51-4c58-9d0e-6a8f5a8f3c11',
    name: 'Work',
    template: { slug: 'desktop', name: 'Desktop', icon: 'device-desktop' },
    owner: { id: 1, username: 'ada' },
    state: 'running',
    wanted: 'running',
    reason: null,
    deadline: null,
    created_at: '2026-03-01T10:00:00Z',
    state_since: '2026-03-01T10:00:02Z',
    started_at: '2026-03-01T10:00:00Z',
    steps: [],
    ...different,
  }
}

export function template(different: Partial<Template> = {}): Template {
  return {
    id: 1,
    slug: 'desktop',
    name: 'Desktop',
    description: 'Light and quick.',
    icon: 'device-desktop',
    category: 'Desktops',
    runtime: 'local',
    network: 'internet',
    memory_mb: 2048,
    cpus: 2,
    unavailable_reason: null,
    ...different,
  }
}
