import type { Recording } from '../api/recordings'

export function recording(different: Partial<Recording> = {}): Recording {
  return {
    id: 12,
    desktop: { id: 7, name: 'Exam' },
    template: { slug: 'desktop', name: 'Desktop', icon: 'device-desktop' },
    owner: { id: 1, username: 'ada' },
    viewer: { id: 1, username: 'ada' },
    protocol: 'vnc',
    began_at: '2026-03-01T10:00:00Z',
    ended_at: '2026-03-01T10:12:05Z',
    end: 'left',
    bytes: 81_920,
    looks: [],
    ...different,
  }
}
