import type { AuditEntry } from '../api/audit'

/** Grace has made Ada an administrator, unless other things are said. */
export function auditEntry(other: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: 7,
    at: '2026-01-05T09:00:00Z',
    actor: { kind: 'person', id: 2, name: 'grace', token: null },
    action: 'changed',
    object: { kind: 'users', id: '1', name: 'ada' },
    before: { role: 'user' },
    after: { role: 'administrator' },
    owner_id: 1,
    address: '192.0.2.7',
    request_id: 'r1',
    digest: 'd1',
    ...other,
  }
}
