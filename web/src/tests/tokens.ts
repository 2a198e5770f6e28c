import type { ApiToken } from '../api/tokens'

export function apiToken(different: Partial<ApiToken> = {}): ApiToken {
  return {
    id: '0b8a2b5e-7f51-4c58-9d0e-6a8f5a8f3c11',
    name: 'Backups',
    description: '',
    scopes: ['desktops:read!own'],
    user: { id: 1, username: 'ada' },
    created_by: { id: 1, username: 'ada' },
    created_at: '2026-03-01T10:00:00Z',
    expires_at: '2999-03-01T10:00:00Z',
    last_used_at: null,
    revoked_at: null,
    ...different,
  }
}
