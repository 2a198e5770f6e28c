import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../components/activity/dates'
import { periodBefore } from '../../components/activity/ranges'
import {
  comparedRange,
  kinds,
  periods,
  questionOf,
  readState,
  withComparison,
  withRange,
  withRows,
  writeState,
  type ReportState,
} from './report-state'

const today = '2026-03-04'
const read = (address: string) => readState(new URLSearchParams(address), today, 'Europe/Berlin')

const days = fc.integer({ min: 0, max: 30_000 }).map((number) => addDays('1970-01-01', number))
const ranges = fc
  .tuple(days, fc.integer({ min: 0, max: 800 }))
  .map(([from, length]) => ({ from, to: addDays(from, length) }))
const keyOrNull = fc.option(fc.nat())
const labelOrNull = fc.option(fc.string({ minLength: 1, maxLength: 100, unit: 'binary' }))

const states: fc.Arbitrary<ReportState> = fc
  .record({
    by: fc.constantFrom(...kinds().map(({ by }) => by)),
    period: fc.option(fc.constantFrom(...periods().map(({ period }) => period))),
    zone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
    user_id: keyOrNull,
    device_id: keyOrNull,
    room_id: keyOrNull,
    event: labelOrNull,
    application: labelOrNull,
    limit: fc.integer({ min: 1, max: 1000 }),
    sort: fc.constantFrom('-hours', 'label', '-2026-03-01'),
  })
  .chain((state) =>
    fc.tuple(ranges, fc.option(ranges)).map(([range, compared]) =>
      // As one object, since a type of all of its fields is what is tested.
      withComparison({ ...state, ...range, compare_from: null, compare_to: null }, compared),
    ),
  )

describe('the address of a report', () => {
  it('leads back to the same report, whatever is chosen', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(readState(new URLSearchParams(writeState(state).toString()), today, 'UTC')).toEqual(state)
      }),
    )
  })

  it('asks the server for the same, but for the order of rows', () => {
    fc.assert(
      fc.property(states, (state) => {
        const asked = new URLSearchParams(Object.entries(questionOf(state)).map(([k, v]) => [k, String(v)]))
        asked.set('sort', state.sort)
        expect(readState(asked, today, 'UTC')).toEqual(state)
      }),
    )
  })

  it('may be short', () => {
    expect(read('')).toMatchObject({ by: 'user', from: '2026-02-03', to: today, zone: 'Europe/Berlin', limit: 10 })
  })

  it.each([
    'by=weather&period=hour&limit=1001&user_id=x&zone=Moon%2FBase',
    'from=2026-03-05&to=2026-03-04',
    'from=2026-02-30&to=2026-03-04',
    'compare_from=2026-03-01&limit=2.5',
    'compare_from=2026-03-02&compare_to=2026-03-01&sort=&event=',
  ])('that means nothing (%s) shows the report of the beginning', (address) => {
    expect(read(address)).toEqual(read(''))
  })

  it('never breaks, whatever was typed into it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('by', 'from', 'to', 'zone', 'limit', 'user_id'), fc.string()), (typed) => {
        const state = readState(new URLSearchParams(typed), today, 'UTC')
        expect(readState(writeState(state), today, 'UTC')).toEqual(state)
      }),
    )
  })
})

describe('a choice', () => {
  it('of another range takes the comparison along', () => {
    const before = withComparison(read(''), periodBefore(read('')))
    const after = withRange(before, { from: '2026-01-01', to: '2026-01-31' })
    expect(comparedRange(after)).toEqual({ from: '2025-12-01', to: '2025-12-31' })
  })

  it('of another range leaves days that were compared by hand', () => {
    const byHand = { from: '2020-01-01', to: '2020-01-05' }
    const after = withRange(withComparison(read(''), byHand), { from: '2026-01-01', to: '2026-01-31' })
    expect(comparedRange(after)).toEqual(byHand)
  })

  it('of applications drops the filter of an event, which tells nothing of them', () => {
    expect(withRows(read('event=lesson&sort=label'), 'application')).toMatchObject({ event: null, sort: '-hours' })
    expect(withRows(read('application=Writer'), 'event').application).toBeNull()
    expect(withRows(read('event=lesson'), 'user').event).toBe('lesson')
  })
})
