import { expect, it } from 'vitest'
import { session } from '../../tests/sessions'
import { matching } from './matching'

const thesis = session({ description: 'Chapter two' })
const mail = session({ id: 13, name: 'Mail', device: { id: 8, name: 'tower' } })

it.each([
  ['', [thesis, mail]],
  ['  ', [thesis, mail]],
  ['THESIS', [thesis]],
  ['chapter laptop', [thesis]],
  ['tower', [mail]],
  ['thesis tower', []],
])('%j finds by name, device and description', (text, found) => {
  expect(matching([thesis, mail], text)).toEqual(found)
})
