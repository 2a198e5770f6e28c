import { describe, expect, it } from 'vitest'
import { signIn } from '../../tests/examples'
import { matching, termsOf } from '../../components/key-filter'
import { fields } from './filter'

const ada = signIn({ id: 'ada' })
const bob = signIn({ id: 'bob', username: 'bob', full_name: null, device: 'ada-laptop', room: 'Hall: "B"', event: 'Exam' })
const found = (filter: string) => matching([ada, bob], filter, fields).map(({ id }) => id)

describe('a filter', () => {
  it.each([
    ['', ['ada', 'bob']],
    ['   ', ['ada', 'bob']],
    ['ADA', ['ada', 'bob']],
    ['person:ada', ['ada']],
    ['person:lovelace', ['ada']],
    ['computer:ada', ['bob']],
    ['room:lab', ['ada']],
    ['room:"lab 1"', ['ada']],
    ['room:"lab 1', ['ada']],
    ['"ada love"', ['ada']],
    ['person:ada computer:laptop', []],
    ['ada lab', ['ada']],
    ['hall:', ['bob']],
    ['hall:x', []],
    ['room:', ['ada', 'bob']],
    ['doing:exam', ['bob']],
    ['.*', []],
  ])('%s finds %j', (filter, ids) => {
    expect(found(filter)).toEqual(ids)
  })

  it('keeps a key that it does not know as a part of the word', () => {
    expect(termsOf('http:x', Object.keys(fields))).toEqual([{ key: null, text: 'http:x' }])
  })
})
