import { expect, it } from 'vitest'
import { snapshot } from '../../tests/sessions'
import { readSession } from './read-session'

const file = { format: 1, name: 'Poster', description: '', saves: [{ saved_at: '2026-03-01T10:00:00Z', snapshot: snapshot() }] }

it('reads what was exported', () => {
  expect(readSession(JSON.stringify(file))).toEqual(file)
})

it.each(['', 'null', '[]', '7', '{"name": "Poster"}', '{"name": "Poster", "saves": [null]}', '{"name": "Poster", "saves": [{}]}'])(
  'finds no session in %j',
  (text) => {
    expect(readSession(text)).toBeNull()
  },
)
