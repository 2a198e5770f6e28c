import { describe, expect, it } from 'vitest'
import { change, hours, share, signedHours, spoken } from './hours'

describe('hours', () => {
  it('have two decimals and marks of thousands', () => {
    expect([hours(0), hours(5400), hours(4_444_200), hours(3.6e9)]).toEqual(['0.00', '1.50', '1,234.50', '1,000,000.00'])
  })

  it('that differ have a sign, and none when they do not', () => {
    expect([signedHours(3600), signedHours(-1800), signedHours(0)]).toEqual(['+1.00', '-0.50', '0.00'])
  })

  it.each([
    [0, '0 min'],
    [0.4, '1 s'],
    [59, '59 s'],
    [60, '1 min'],
    [3599, '59 min'],
    [3600, '1 h 0 min'],
    [112_320, '31 h 12 min'],
    [36_000_000, '10,000 h 0 min'],
  ])('of %d seconds are said as %s', (seconds, words) => {
    expect(spoken(seconds)).toBe(words)
  })
})

it('a change is in per cent, and has no number where nothing was before', () => {
  expect([change(3, 2), change(1, 2), change(2, 2), change(5, 0)]).toEqual(['+50%', '-50%', '0%', '–'])
})

it('a share is in per cent', () => {
  expect([share(0), share(0.125), share(1.2)]).toEqual(['0.0%', '12.5%', '120.0%'])
})
