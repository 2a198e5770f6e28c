import { describe, expect, it } from 'vitest'
import { room } from '../../tests/rooms'
import { parseFilter, withKey } from './filter'

const rooms = [room({ id: 3, name: 'Lab 3' }), room({ id: 4, name: 'Hall' })]

describe('a filter', () => {
  it.each([
    ['', {}],
    ['  pc  01 ', { search: 'pc 01' }],
    ['room:hall', { room_id: 4 }],
    ['room:"lab 3" pc', { room_id: 3, search: 'pc' }],
    ['status:idle place:none', { state: 'idle', unplaced: true }],
    ['owner:Ada pc', { owner: 'ada', search: 'pc' }],
    ['owner:none', { shared: true }],
    ['STATUS:In-Use', { state: 'in-use' }],
    ['status:"in use"', { state: 'in-use' }],
    ['10.0.0.1:80', { search: '10.0.0.1:80' }],
  ])('reads %j', (text, filter) => {
    expect(parseFilter(text, rooms).filter).toEqual(filter)
  })

  it.each([
    ['room:Attic', 'There is no room “attic”.'],
    ['room:"Lab', 'There is no room “lab”.'],
    ['status:asleep', 'A status is one of in-use, idle, free, offline.'],
    ['colour:red', 'There is no filter colour:red. Use room:, status:, owner: or place:none.'],
    ['owner:', 'There is no filter owner:. Use room:, status:, owner: or place:none.'],
    ['place:here', 'There is no filter place:here. Use room:, status:, owner: or place:none.'],
  ])('leaves out what is wrong in %j, and says so', (text, complaint) => {
    expect(parseFilter(`pc ${text}`, rooms)).toEqual({ filter: { search: 'pc' }, complaints: [complaint] })
  })
})

it.each([
  ['', 'room', 'Hall', 'room:Hall'],
  ['pc', 'room', 'Lab 3', 'pc room:"Lab 3"'],
  ['room:"Lab 3" pc', 'room', 'Hall', 'pc room:Hall'],
  ['pc room:"Lab 3" status:idle', 'room', null, 'pc status:idle'],
  ['status:idle', 'status', 'free', 'status:free'],
])('changes %j: %s becomes %j', (text, key, value, changed) => {
  expect(withKey(text, key, value)).toBe(changed)
})
