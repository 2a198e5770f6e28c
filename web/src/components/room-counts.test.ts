import { expect, it } from 'vitest'
import { room } from '../tests/rooms'
import { countsOf, matching, nobody, percent, taken, total } from './room-counts'

const counts = { 'in-use': 2, idle: 1, free: 3, offline: 4 }

it('finds the counts of a room, and zeros for one without computers', () => {
  const occupancy = { items: [{ room_id: null, counts: nobody }, { room_id: 3, counts }] }
  expect(countsOf(occupancy, room({ id: 3 }))).toEqual(counts)
  expect(countsOf(occupancy, room({ id: 4 }))).toEqual(nobody)
})

it('counts idle seats as taken', () => {
  expect([taken(counts), total(counts)]).toEqual([3, 10])
})

it.each([
  [0, 0, '0 %'],
  [1, 3, '33 %'],
  [3, 3, '100 %'],
])('%d of %d are %s', (part, whole, words) => {
  expect(percent(part, whole)).toBe(words)
})

it('finds rooms that have all words in their names', () => {
  const rooms = [room({ name: 'Lab 1' }), room({ name: 'Hall' })]
  expect(matching(rooms, '').length).toBe(2)
  expect(matching(rooms, ' 1 lab').map(({ name }) => name)).toEqual(['Lab 1'])
  expect(matching(rooms, 'attic')).toEqual([])
})
