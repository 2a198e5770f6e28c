import { describe, expect, it } from 'vitest'
import { freeSeat, idleSeat, seat, usedSeat } from '../../tests/rooms'
import { keyOf, placeOf, rowsOf, same, seatsByCell, step, type Cell } from './grid'

const at = (row: number, column: number): Cell => ({ row, column })
/* A room with an aisle: nothing in column 2, and a short last row.
 *
 *   1 . 3
 *   1 . 3
 *   1 . .
 */
const reachable = [at(1, 1), at(1, 3), at(2, 1), at(2, 3), at(3, 1)]

describe('a step', () => {
  it.each([
    [at(1, 1), 'ArrowRight', at(1, 3)],
    [at(1, 3), 'ArrowLeft', at(1, 1)],
    [at(1, 1), 'ArrowDown', at(2, 1)],
    [at(2, 1), 'ArrowUp', at(1, 1)],
    [at(2, 3), 'ArrowDown', at(3, 1)],
    [at(2, 1), 'End', at(2, 3)],
    [at(2, 3), 'Home', at(2, 1)],
  ])('from %j by %s leads to %j', (from, key, to) => {
    expect(step(from, key, reachable)).toEqual(to)
  })

  it.each([
    [at(1, 3), 'ArrowRight'],
    [at(3, 1), 'ArrowRight'],
    [at(1, 1), 'ArrowUp'],
    [at(3, 1), 'ArrowDown'],
    [at(1, 1), 'Enter'],
  ])('from %j by %s leads nowhere', (from, key) => {
    expect(step(from, key, reachable)).toBeNull()
  })
})

it('reaches every place from every other by arrows', () => {
  const found = new Map([[keyOf(at(1, 1)), at(1, 1)]])
  for (const from of found.values())
    for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
      const to = step(from, key, reachable)
      if (to) found.set(keyOf(to), to)
    }
  expect(found.size).toBe(reachable.length)
})

it('draws a grid row by row', () => {
  expect(rowsOf({ rows: 2, columns: 2 })).toEqual([
    [at(1, 1), at(1, 2)],
    [at(2, 1), at(2, 2)],
  ])
})

it('finds seats by where they stand, and leaves out those without a place', () => {
  const lost = seat({ row: null, column: null })
  const found = seatsByCell([usedSeat, idleSeat, freeSeat, lost])
  expect(found.size).toBe(3)
  expect(found.get('2-3')).toBe(freeSeat)
  expect(placeOf(lost)).toBeNull()
})

it('tells whether two cells are one', () => {
  expect(same(at(1, 2), at(1, 2))).toBe(true)
  expect(same(at(1, 2), at(2, 1))).toBe(false)
  expect(same(null, at(1, 1))).toBe(false)
})
