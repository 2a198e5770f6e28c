import { expect, it } from 'vitest'
import { may } from './rights'

const looksAfterAGroup = { rights: { 'desktops:read': 'group', 'sessions:read': 'own' } } as const

it('tells what somebody may do, and how far', () => {
  expect(may(looksAfterAGroup, 'desktops:read')).toBe(true)
  expect(may(looksAfterAGroup, 'desktops:read', 'group')).toBe(true)
  expect(may(looksAfterAGroup, 'desktops:read', 'all')).toBe(false)
  expect(may(looksAfterAGroup, 'sessions:read', 'group')).toBe(false)
})

it('tells that what is left out may not be done', () => {
  expect(may(looksAfterAGroup, 'desktops:write')).toBe(false)
})
