import { expect, it } from 'vitest'
import { writtenRights } from './written-rights'

it('writes what was chosen, and leaves out what is included', () => {
  expect(
    writtenRights({
      'desktops:read': 'all',
      'desktops:write': 'group',
      'volumes:read': 'own',
      'volumes:write': 'all',
      'people:read': 'group',
      'people:write': undefined,
    }),
  ).toEqual(['desktops:read!all', 'desktops:write!group', 'volumes:write!all', 'people:read!group'])
  expect(writtenRights({})).toEqual([])
})
