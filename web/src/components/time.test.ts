import { describe, expect, it } from 'vitest'
import { ago, clock, countdown, day, exact, isSameDay, left, span, zoneName } from './time'

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
  expect(exact(new Date(2026, 2, 1, 12).toISOString())).toMatch(/\b1 Mar 2026.* 12:00:00 \S+/)
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

it.each([
  ['2026-03-01T12:04:05Z', '4:05'],
  ['2026-03-01T12:00:00.2Z', '0:01'],
  ['2026-03-01T13:30:00Z', '90:00'],
  ['2026-03-01T11:59:00Z', '0:00'],
])('counts down to %s: %s', (until, words) => {
  expect(countdown(until, now)).toBe(words)
})

it('says days and times of day where the reader is', () => {
  const local = new Date(2026, 2, 1, 9, 5).toISOString()
  expect(day(local)).toBe('Sun, 1 Mar 2026')
  expect(clock(local)).toBe('09:05')
  expect(isSameDay(local, new Date(2026, 2, 1, 23, 59).toISOString())).toBe(true)
  expect(isSameDay(local, new Date(2026, 2, 2, 0, 0).toISOString())).toBe(false)
  expect(zoneName()).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone)
})

describe('left', () => {
  it.each([
    ['2026-03-01T12:00:30Z', '0 minutes left'],
    ['2026-03-01T12:01:00Z', '1 minute left'],
    ['2026-03-01T19:30:00Z', '7 hours left'],
    ['2026-03-03T12:00:00Z', '2 days left'],
    ['2026-03-01T11:00:00Z', '0 minutes left'],
  ])('says of %s: %s', (until, words) => {
    expect(left(until, now)).toBe(words)
  })
})
