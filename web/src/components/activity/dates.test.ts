import { describe, expect, it } from 'vitest'
import { boundsOf, clockTime, daysOf, isDay, isZone, lengthInDays, todayIn } from './dates'

const hour = 3_600_000

describe('a day in a zone', () => {
  it.each([
    ['2026-03-28', 'Europe/Berlin', 24],
    ['2026-03-29', 'Europe/Berlin', 23],
    ['2026-10-25', 'Europe/Berlin', 25],
    ['2026-04-05', 'Australia/Lord_Howe', 24.5],
    ['2026-03-29', 'UTC', 24],
  ])('%s in %s lasts %d hours', (day, zone, length) => {
    const { start, end } = boundsOf(day, zone)
    expect((end - start) / hour).toBe(length)
  })

  it('begins where the server says: at the first of two midnights, or where the clock skips midnight', () => {
    expect(boundsOf('2026-09-06', 'America/Santiago').start).toBe(Date.parse('2026-09-06T04:00:00Z'))
    expect(boundsOf('2025-11-02', 'America/Havana').start).toBe(Date.parse('2025-11-02T04:00:00Z'))
  })

  it('has a date of its own while it is still another elsewhere', () => {
    const now = Date.parse('2026-01-01T02:00:00Z')
    expect(todayIn('America/New_York', now)).toBe('2025-12-31')
    expect(todayIn('Asia/Kathmandu', now)).toBe('2026-01-01')
  })

  it('tells the time on its walls', () => {
    expect(clockTime(Date.parse('2026-07-01T06:05:59Z'), 'Europe/Berlin')).toBe('08:05')
    expect(clockTime(Date.parse('2026-10-25T00:30:00Z'), 'Europe/Berlin')).toBe('02:30')
    expect(clockTime(Date.parse('2026-10-25T01:30:00Z'), 'Europe/Berlin')).toBe('02:30')
  })
})

describe('ranges', () => {
  it('count both of their ends, also over a change of the clock', () => {
    expect(daysOf({ from: '2026-03-28', to: '2026-03-30' })).toEqual(['2026-03-28', '2026-03-29', '2026-03-30'])
    expect(lengthInDays({ from: '2024-01-01', to: '2024-12-31' })).toBe(366)
  })
})

describe('what is typed', () => {
  it.each([
    ['2026-03-01', true],
    ['2026-02-30', false],
    ['0002-03-01', false],
    ['1.3.2026', false],
    ['', false],
    [null, false],
  ])('%s is a day: %s', (text, is) => {
    expect(isDay(text)).toBe(is)
  })

  it.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['Moon/Base', false],
    ['', false],
    [null, false],
  ])('%s is a zone: %s', (text, is) => {
    expect(isZone(text)).toBe(is)
  })

  it('takes every zone that the browser has for one', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((zone) => !isZone(zone))).toEqual([])
  })
})
