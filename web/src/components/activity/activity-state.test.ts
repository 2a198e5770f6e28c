import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rangeOf, readActivity, step, titleOf, views, writeActivity, type ActivityState } from './activity-state'
import { addDays } from './dates'

const states: fc.Arbitrary<ActivityState> = fc.record({
  view: fc.constantFrom(...views),
  day: fc.integer({ min: 0, max: 30_000 }).map((number) => addDays('1990-01-01', number)),
  zone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
})

describe('the address', () => {
  it('leads back to the same days', () => {
    fc.assert(
      fc.property(states, (state) => {
        const address = new URLSearchParams(writeActivity(state).toString())
        expect(readActivity(address, '2026-03-04', 'UTC')).toEqual(state)
      }),
    )
  })

  it('may be short or mean nothing: then it is this week', () => {
    for (const address of ['', 'view=decade&day=yesterday&zone=Moon'])
      expect(readActivity(new URLSearchParams(address), '2026-03-04', 'Europe/Berlin')).toEqual({
        view: 'week',
        day: '2026-03-04',
        zone: 'Europe/Berlin',
      })
  })
})

describe('days', () => {
  it.each([
    ['day', '2026-03-04', '2026-03-04', /^Wednesday,? 4 March 2026$/],
    ['week', '2026-03-02', '2026-03-08', /^2\s?–\s?8 Mar 2026$/],
    ['month', '2026-03-01', '2026-03-31', /^March 2026$/],
    ['year', '2026-01-01', '2026-12-31', /^2026$/],
  ] as const)('of a %s are %s to %s, and called %s', (view, from, to, title) => {
    const state = { view, day: '2026-03-04', zone: 'UTC' }
    expect(rangeOf(state)).toEqual({ from, to })
    expect(titleOf(state)).toMatch(title)
  })

  it('follow each other without a gap, there and back', () => {
    fc.assert(
      fc.property(states, (state) => {
        const next = step(state, 1)
        expect(rangeOf(next).from).toBe(addDays(rangeOf(state).to, 1))
        expect(rangeOf(step(next, -1))).toEqual(rangeOf(state))
      }),
    )
  })
})
