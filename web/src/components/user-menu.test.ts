import { expect, it } from 'vitest'
import { initials } from './user-menu'

it.each([
  ['Ada Lovelace', 'AL'],
  ['grace brewster murray hopper', 'GH'],
  ['ada', 'A'],
  ['first.last', 'FL'],
  ['', ''],
])('takes from %j the initials %j', (name, letters) => {
  expect(initials(name)).toBe(letters)
})
