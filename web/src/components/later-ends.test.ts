import { expect, it } from 'vitest'
import { laterEnds } from './later-ends'

const end = '2026-03-01T12:00:00Z'

it('offers whole hours, and all that there may be', () => {
  const offered = laterEnds(end, '2026-03-01T15:30:00Z')
  expect(offered.map(({ until }) => until)).toEqual([
    '2026-03-01T13:00:00.000Z',
    '2026-03-01T14:00:00.000Z',
    '2026-03-01T15:30:00Z',
  ])
  expect(offered.map(({ label }) => label).slice(0, 2)).toEqual(['1 hour more', '2 hours more'])
})

it('offers what is left where it is less than an hour', () => {
  expect(laterEnds(end, '2026-03-01T12:20:00Z').map(({ until }) => until)).toEqual(['2026-03-01T12:20:00Z'])
})

it('offers nothing where nothing may be moved', () => {
  expect(laterEnds(null, null)).toEqual([])
  expect(laterEnds(end, end)).toEqual([])
})
