import { expect, it } from 'vitest'
import { template } from '../../tests/examples'
import { categoriesOf, everything, matching } from './find-templates'

const light = template({ slug: 'desktop', name: 'Desktop', description: 'Light and quick', category: 'Desktops' })
const full = template({ slug: 'full-desktop', name: 'Full desktop', description: 'XFCE', category: 'Desktops' })
const browser = template({ slug: 'browser', name: 'Browser', description: 'Chromium', category: 'Browsers' })
const all = [light, full, browser]

it('names each category once, by the alphabet', () => {
  expect(categoriesOf(all)).toEqual(['Browsers', 'Desktops'])
})

it.each([
  [everything, '', all],
  ['Browsers', '', [browser]],
  [everything, 'desk', [light, full]],
  [everything, ' FULL  xfce ', [full]],
  ['Browsers', 'xfce', []],
])('finds in %s by %j what has all words', (category, text, found) => {
  expect(matching(all, category, text)).toEqual(found)
})
