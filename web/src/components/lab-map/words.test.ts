import { expect, it } from 'vitest'
import { freeSeat, idleSeat, seat, usedSeat } from '../../tests/rooms'
import { commonStart, duration, lasting, occupant, openingWords, sentence } from './words'

const now = Date.parse('2026-01-05T09:30:00Z')

it.each([
  ['2026-01-05T09:29:30Z', '< 1 min'],
  ['2026-01-05T09:31:00Z', '< 1 min'],
  ['2026-01-05T09:26:00Z', '4 min'],
  ['2026-01-05T07:25:00Z', '2 h 5 min'],
  ['2026-01-02T09:30:00Z', '3 d'],
])('says how long it is since %s: %s', (since, words) => {
  expect(lasting(since, now)).toBe(words)
})

it.each([
  [usedSeat, 'ada', '30 min', 'pc-01 ada 30 min, in use, row 1, column 1'],
  [idleSeat, 'bob', '10 min', 'pc-02 bob 10 min, idle, row 1, column 2'],
  [freeSeat, 'Free', null, 'pc-03 Free, row 2, column 3'],
  [
    seat({ state: 'offline', since: '2026-01-05T08:30:00Z', row: null, column: null }),
    'Offline',
    'seen 1 h 0 min ago',
    'pc-01 Offline seen 1 h 0 min ago, without a place',
  ],
  [seat({ device: null, device_id: null, state: 'in-use' }), 'In use', null, 'In use, row 1, column 1'],
])('describes a seat', (one, who, howLong, whole) => {
  expect(occupant(one)).toBe(who)
  expect(duration(one, now)).toBe(howLong)
  expect(sentence(one, now)).toBe(whole)
})

it.each([
  [true, '2026-01-05T17:00:00Z', 'Open until 18:00'],
  [false, '2026-01-06T07:00:00Z', 'Closed now, opens Tuesday 08:00'],
  [false, '2026-01-05T23:30:00Z', 'Closed now, opens Tuesday 00:30'],
  [false, '2026-01-15T07:00:00Z', 'Closed now, opens Thu 15 Jan 08:00'],
  [true, null, 'Open around the clock'],
  [false, null, 'Closed'],
])('tells by the clock of the room whether it is open', (is_open, until, words) => {
  expect(openingWords({ is_open, until }, 'Europe/Berlin', now).replace(',', '')).toBe(words.replace(',', ''))
})

it.each([
  [['lab07-pc01', 'lab07-pc12'], 8],
  [['pc1', 'pc12'], 2],
  [['a', 'b'], 0],
  [['alone'], 0],
  [[], 0],
])('finds what the names %j begin with', (names, length) => {
  expect(commonStart(names.map((name) => seat({ device: name })))).toBe(length)
})
