import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { report, row } from '../../tests/reports'
import { barsOf, periodsOf, sayPeriod, withRest } from './chart-data'

const hour = 3600

describe('bars by period', () => {
  it('are there also where there are no hours', () => {
    const found = report([row('ada', hour, { periods: { '2026-03-02': hour } })], {
      period: 'day',
      totals: { '2026-03-01': 0, '2026-03-02': hour },
    })
    expect(periodsOf(found).data.map(({ row0 }) => row0)).toEqual([0, 1])
  })

  it('add up to the totals, however many rows and whatever is left', () => {
    const seconds = fc.integer({ min: 0, max: 1_000_000 })
    fc.assert(
      fc.property(fc.array(seconds, { minLength: 1, maxLength: 30 }), seconds, (all, left) => {
        const day = '2026-03-01'
        const rows = all.map((one, number) => row(`app ${number}`, one, { periods: { [day]: one } }))
        const total = all.reduce((sum, one) => sum + one, left)
        const rest = left > 0 ? row('(the rest)', left, { periods: { [day]: left } }) : null
        const { data, series } = periodsOf(report(rows, { period: 'day', totals: { [day]: total }, rest }))
        const drawn = series.reduce((sum, { name }) => sum + Number(data[0]?.[name]), 0)
        expect(drawn).toBeCloseTo(total / hour)
        expect(series.length).toBeLessThanOrEqual(8)
        expect(new Set(series.map(({ color }) => color)).size).toBe(series.length)
      }),
    )
  })

  it('are in one piece where there is no rest', () => {
    expect(withRest(report([row('ada', 1)])).rest).toBeNull()
  })
})

describe('bars of rows', () => {
  it('leave out the rest, beside which they would be tiny', () => {
    expect(barsOf(report([row('ada', hour)], { rest: row('(the rest)', 1000 * hour) })).data).toEqual([{ name: 'ada', now: 1 }])
  })

  it('stand beside what they are compared with', () => {
    const compared = report([row('ada', hour, { compared_seconds: 2 * hour })], { compared_total_seconds: 2 * hour })
    expect(barsOf(compared)).toMatchObject({ data: [{ name: 'ada', now: 1, before: 2 }], series: [{}, { name: 'before' }] })
  })
})

it.each([
  ['day', /^Mon,? 29 Dec$/],
  ['week', /^Week 1, 29 Dec 2025$/],
  ['month', /^December 2025$/],
  ['year', /^2025$/],
] as const)('a %s has a name', (period, name) => {
  expect(sayPeriod('2025-12-29', period)).toMatch(name)
})
