import { expect, it } from 'vitest'
import { desktop } from '../../tests/examples'
import { inSteadyOrder } from './steady-order'

const old = desktop({ id: 1, created_at: '2026-01-01T00:00:00Z', state: 'running' })
const middle = desktop({ id: 2, created_at: '2026-02-01T00:00:00Z', state: 'stopped' })
const young = desktop({ id: 3, created_at: '2026-03-01T00:00:00Z', state: 'starting' })
const ids = (order: number[], ...desktops: (typeof old)[]) => inSteadyOrder(desktops, order).map(({ id }) => id)

it('begins with what runs, then the newest', () => {
  expect(ids([], old, middle, young)).toEqual([3, 1, 2])
})

it('moves nothing when states change', () => {
  expect(ids([3, 1, 2], { ...young, state: 'failed' }, old, { ...middle, state: 'running' })).toEqual([3, 1, 2])
})

it('puts a new one in front and closes up after one that is gone', () => {
  expect(ids([1, 2], middle, young)).toEqual([3, 2])
})
