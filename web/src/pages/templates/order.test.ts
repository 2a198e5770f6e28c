import { expect, it } from 'vitest'
import { templateDetails } from '../../tests/templates'
import { moved, movedCategory, shelvesOf } from './order'

const shelves = shelvesOf([
  templateDetails({ id: 1, category: 'Desktops' }),
  templateDetails({ id: 2, category: 'Browsers' }),
  templateDetails({ id: 3, category: 'Desktops' }),
])

it('puts templates onto the shelf of their category', () => {
  expect(shelves.map(({ category, templates }) => [category, templates.map(({ id }) => id)])).toEqual([
    ['Desktops', [1, 3]],
    ['Browsers', [2]],
  ])
})

it.each([
  [3, -1, [3, 1, 2]],
  [1, 1, [3, 1, 2]],
  [1, -1, [1, 3, 2]],
  [2, 1, [1, 3, 2]],
] as const)('moves %i by %i within its category', (id, by, ids) => {
  expect(moved(shelves, id, by)).toEqual(ids)
})

it.each([
  ['Browsers', -1, [2, 1, 3]],
  ['Desktops', 1, [2, 1, 3]],
  ['Browsers', 1, [1, 3, 2]],
] as const)('moves the category %s by %i', (category, by, ids) => {
  expect(movedCategory(shelves, category, by)).toEqual(ids)
})
