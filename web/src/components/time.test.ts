import { describe, expect, it } from 'vitest'
import { ago, exact, span } from './time'

const now = Date.parse('2026-03-01T12:00:00Z')

describe('ago', () => {
  it.each([
    ['2026-03-01T11:59:30Z', 'just now'],
    ['2026-03-01T11:59:00Z', '1 minute ago'],
    ['2026-03-01T11:00:01Z', '59 minutes ago'],
    ['2026-03-01T09:30:00Z', '2 hours ago'],
    ['2026-02-26T12:00:00Z', '3 days ago'],
    ['2026-03-01T12:00:10Z', 'just now'],
  ])('says of %s: %s', (at, words) => {
    expect(ago(at, now)).toBe(words)
  })
})

it('says the exact time with its zone', () => {
  expect(exact('2026-03-01T12:00:00Z')).toMatch(/1 Mar 2026.*\d\d:00:00 \S+/)
})

describe('span', () => {
  it.each([
    [-5, '0.0 s'],
    [440, '0.4 s'],
    [9_940, '9.9 s'],
    [10_900, '10 s'],
    [125_000, '2 min 5 s'],
  ])('says of %d ms: %s', (milliseconds, words) => {
    expect(span(milliseconds)).toBe(words)
  })
})
