import { expect, it } from 'vitest'
import { inWords, scopeInWords } from './right-words'

it('tells what may be changed, and what may be seen beyond that', () => {
  expect(
    inWords({
      'desktops:read': 'all',
      'desktops:write': 'group',
      'volumes:read': 'own',
      'volumes:write': 'own',
      'server:read': 'all',
    }),
  ).toEqual([
    'Desktops: change those of people they look after, see everyone’s',
    'Volumes: change their own',
    'Audit, settings, announcements: see everyone’s',
  ])
})

it('tells one right', () => {
  expect(scopeInWords('people:write')).toBe('People and groups: change')
  expect(scopeInWords('profile:read')).toBe('Their account: see')
})
