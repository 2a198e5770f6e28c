import { expect, it } from 'vitest'
import { matching } from '../../components/key-filter'
import { desktop } from '../../tests/examples'
import { fields } from './filter'

const work = desktop()
const rest = desktop({
  id: 8, name: 'Rest', owner: { id: 4, username: 'bob' }, state: 'stopped', reason: 'grace stopped it.',
  template: { slug: 'browser', name: 'Browser', icon: 'world' },
})

it.each([
  ['', [work, rest]],
  ['owner:bob', [rest]],
  ['template:browser status:stopped', [rest]],
  ['template:desktop', [work]],
  ['status:running owner:bob', []],
  ['why:grace', [rest]],
  ['grace', [rest]],
  ['work', [work]],
])('%s finds what has it', (filter, found) => {
  expect(matching([work, rest], filter, fields)).toEqual(found)
})
