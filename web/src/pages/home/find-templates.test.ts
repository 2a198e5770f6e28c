import { expect, it } from 'vitest'
import { template } from '../../tests/examples'
import { everything, matching, shelvesOf } from './find-templates'

const launched = (at: string) => ({ at, memory_mb: 1024, cpus: 1 })
const light = template({
  slug: 'desktop', name: 'Desktop', description: 'Light and quick', category: 'Desktops', is_favourite: true,
  last_launch: launched('2026-03-01T10:00:00Z'),
})
const full = template({ slug: 'full-desktop', name: 'Full desktop', description: 'XFCE', category: 'Desktops' })
const browser = template({
  slug: 'browser', name: 'Browser', description: 'Chromium', category: 'Browsers',
  last_launch: launched('2026-03-02T10:00:00Z'),
})
const all = [light, full, browser]

it('names each shelf once, in the order of the gallery', () => {
  expect(shelvesOf(all).map(({ name }) => name)).toEqual(['All', 'Favourites', 'Recent', 'Desktops', 'Browsers'])
})

it('names no shelf that would be empty, nor one that would hold all', () => {
  expect(shelvesOf([full])).toEqual([everything()])
})

it.each([
  [everything().key, '', all],
  ['category Browsers', '', [browser]],
  ['favourites', '', [light]],
  ['recent', '', [browser, light]],
  ['recent', 'quick', [light]],
  [everything().key, 'desk', [light, full]],
  [everything().key, ' FULL  xfce ', [full]],
  ['category Browsers', 'xfce', []],
])('finds in %s by %j what has all words', (shelf, text, found) => {
  expect(matching(all, shelf, text)).toEqual(found)
})
