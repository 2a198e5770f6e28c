import { describe, expect, it } from 'vitest'
import { differences, kinds, pageOf, thing } from './audit-words'
import { exact } from './time'

describe('what was different', () => {
  it('is told value by value in the order of their names', () => {
    expect(differences({ role: 'user', cpus: 2 }, { role: 'administrator', cpus: 4 })).toEqual([
      { name: 'cpus', before: '2', after: '4' },
      { name: 'role', before: 'user', after: 'administrator' },
    ])
  })

  it('has numbers and secrets last', () => {
    const made = { id: 7, created_at: '2026-01-05', owner_id: 3, password_hash: '•••', role: 'user', username: 'ada' }
    const names = differences(null, made).map(({ name }) => name)
    expect(names).toEqual(['role', 'username', 'created at', 'id', 'owner id', 'password hash'])
  })

  it('tells what came and what went', () => {
    expect(differences(null, { is_drained: true })).toEqual([{ name: 'is drained', before: null, after: 'yes' }])
    expect(differences({ ends_at: '2026-01-05' }, { ends_at: null })).toEqual([
      { name: 'ends at', before: '2026-01-05', after: null },
    ])
  })

  it('tells times as people do, where they are', () => {
    const [difference] = differences(null, { disabled_at: '2026-01-05T09:00:00.123456+00:00' })
    expect(difference?.after).toBe(exact('2026-01-05T09:00:00Z'))
  })

  it('leaves out what was not there and is not, and keeps zero and no', () => {
    expect(differences({ hours: 0, note: '' }, { hours: null, note: null })).toEqual([
      { name: 'hours', before: '0', after: null },
    ])
    expect(differences(null, { is_drained: false })[0]?.after).toBe('no')
    expect(differences(null, null)).toEqual([])
  })
})

describe('a thing', () => {
  it('is called by a word of its own, or by its table', () => {
    expect(thing('logins')).toBe('sign-in')
    expect(thing('desktops')).toBe('desktop')
    expect(thing('template_groups')).toBe('template group')
  })

  it('has a word for each kind that the filter offers', () => {
    expect(new Set(kinds.map(thing)).size).toBe(kinds.length)
  })

  it('leads to its page where it has one', () => {
    expect(pageOf({ kind: 'users', id: '7', name: 'ada' })).toBe('/people/7')
    expect(pageOf({ kind: 'activity', id: '7', name: 'ada' })).toBe('/people/7')
    expect(pageOf({ kind: 'logins', id: '7', name: null })).toBeNull()
    expect(pageOf({ kind: 'groups', id: null, name: null })).toBeNull()
  })
})
