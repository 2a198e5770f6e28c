import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, aDay, daysOf } from './dates'
import { dayByKey, levelOf, monthsOf, weeksOf } from './heat-map-layout'

const ranges = fc
  .tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 400 }))
  .map(([number, length]) => ({ from: addDays('1990-01-01', number), to: addDays('1990-01-01', number + length) }))

describe('the map of a range', () => {
  it('has each of its days once, in the row of its weekday', () => {
    fc.assert(
      fc.property(ranges, (range) => {
        const rows = weeksOf(range)
        expect(rows.flat().filter((day) => day !== null).toSorted()).toEqual(daysOf(range))
        rows.forEach((row, number) => {
          for (const day of row) if (day !== null) expect(aDay(day).dayOfWeek).toBe(number + 1)
        })
      }),
    )
  })

  it('has a month over each of its weeks', () => {
    fc.assert(
      fc.property(ranges, (range) => {
        const weeks = monthsOf(range).reduce((sum, month) => sum + month.weeks, 0)
        expect(weeks).toBe(weeksOf(range)[0]?.length)
      }),
    )
  })

  it('names the months of a year', () => {
    const months = monthsOf({ from: '2026-01-01', to: '2026-12-31' })
    expect(months.map(({ name }) => name).join(' ')).toMatch(/^Jan Feb Mar Apr May Jun Jul Aug Sept? Oct Nov Dec$/)
  })
})

it.each([
  [0, 0],
  [1, 1],
  [7200, 1],
  [7201, 2],
  [28_800, 4],
  [90_000, 5],
])('%d seconds have shade %d', (seconds, level) => {
  expect(levelOf(seconds)).toBe(level)
})

describe('the keys', () => {
  const year = { from: '2026-01-01', to: '2026-12-31' }

  it.each([
    ['ArrowDown', '2026-03-05'],
    ['ArrowUp', '2026-03-03'],
    ['ArrowRight', '2026-03-11'],
    ['ArrowLeft', '2026-02-25'],
    ['Home', '2026-01-01'],
    ['End', '2026-12-31'],
    ['x', null],
  ])('%s leads from 4 March to %s', (key, day) => {
    expect(dayByKey(key, '2026-03-04', year)).toBe(day)
  })

  it('never lead out of the range', () => {
    expect(dayByKey('ArrowLeft', '2026-01-03', year)).toBe('2026-01-03')
    expect(dayByKey('ArrowDown', '2026-12-31', year)).toBe('2026-12-31')
  })
})
