import { expect, it } from 'vitest'
import { initials } from './initials'

it.each([
  ['mousepad', 'M'],
  ['LibreOffice Writer', 'LW'],
  ['GNU Image Manipulation Program', 'GI'],
  ['org.gnome.Calculator', 'OG'],
  ['Öffner', 'Ö'],
  ['', ''],
  ['---', ''],
])('%j has the initials %j', (name, expected) => {
  expect(initials(name)).toBe(expected)
})
