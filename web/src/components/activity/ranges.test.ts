import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, lengthInDays } from './dates'
import { comparisonOf, comparisons, periodBefore, presetOf, presets, yearBefore } from './ranges'

const days = fc.integer({ min: 0, max: 20_000 }).map((number) => addDays('1990-01-01', number))
const ranges = fc
  .tuple(days, fc.integer({ min: 0, max: 800 }))
  .map(([from, length]) => ({ from, to: addDays(from, length) }))

describe('presets', () => {
  it.each([
    ['Today', '2026-03-04', '2026-03-04'],
    ['This week', '2026-03-02', '2026-03-04'],
    ['Last 7 days', '2026-02-26', '2026-03-04'],
    ['Last 30 days', '2026-02-03', '2026-03-04'],
    ['This month', '2026-03-01', '2026-03-04'],
    ['Last month', '2026-02-01', '2026-02-28'],
    ['Last 12 months', '2025-03-05', '2026-03-04'],
    ['This year', '2026-01-01', '2026-03-04'],
  ])('%s of 4 March 2026, a Wednesday, are %s to %s', (name, from, to) => {
    expect(presets().find((preset) => preset.name === name)?.range('2026-03-04')).toEqual({ from, to })
  })

  it('never reach into the future, and are known again', () => {
    fc.assert(
      fc.property(days, fc.constantFrom(...presets()), (today, preset) => {
        const range = preset.range(today)
        expect(range.from <= range.to && range.to <= today).toBe(true)
        expect(presetOf(range, today)?.range(today)).toEqual(range)
      }),
    )
  })

  it('do not know other days', () => {
    expect(presetOf({ from: '2026-01-07', to: '2026-02-03' }, '2026-03-04')).toBeUndefined()
  })
})

describe('the period before', () => {
  it.each([
    ['2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28'],
    ['2026-01-01', '2026-12-31', '2025-01-01', '2025-12-31'],
    ['2026-03-02', '2026-03-08', '2026-02-23', '2026-03-01'],
    ['2026-03-01', '2026-03-04', '2026-02-25', '2026-02-28'],
  ])('%s to %s is %s to %s', (from, to, before, until) => {
    expect(periodBefore({ from, to })).toEqual({ from: before, to: until })
  })

  it('ends right before, and is as long where it is not of whole months', () => {
    fc.assert(
      fc.property(ranges, (range) => {
        const before = periodBefore(range)
        expect(addDays(before.to, 1)).toBe(range.from)
        const isOfMonths = range.from.endsWith('-01') && addDays(range.to, 1).endsWith('-01')
        if (!isOfMonths) expect(lengthInDays(before)).toBe(lengthInDays(range))
      }),
    )
  })
})

it('a year before a leap day is the day before March', () => {
  expect(yearBefore({ from: '2024-02-29', to: '2024-03-01' })).toEqual({ from: '2023-02-28', to: '2023-03-01' })
})

it('a comparison is known again', () => {
  fc.assert(
    fc.property(ranges, fc.constantFrom(...comparisons()), (range, comparison) => {
      const compared = comparison.range(range)
      expect(comparisonOf(range, compared)?.range(range)).toEqual(compared)
    }),
  )
})
