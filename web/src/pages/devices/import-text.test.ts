import { expect, it } from 'vitest'
import type { Import } from '../../api/devices'
import { linesOf, tokensFile, wrongRows } from './import-text'

const answer: Import = {
  written: true,
  devices: [
    { line: 2, name: 'pc-1', is_new: true, token: 'dd_1' },
    { line: 3, name: 'pc-2', is_new: false, token: null },
  ],
  errors: [{ line: 4, message: 'There is no room “Attic”. Make it first.' }],
}

it('tells of each line what becomes of it, the wrong ones first', () => {
  const file = 'name,room\r\npc-1,Hall\r\npc-2,Hall\r\npc-3,Attic\r\n'
  expect(linesOf(file, answer).map(({ number, text, outcome }) => [number, text, outcome])).toEqual([
    [4, 'pc-3,Attic', 'wrong'],
    [2, 'pc-1,Hall', 'new'],
    [3, 'pc-2,Hall', 'known'],
  ])
})

it('writes the new tokens as a file that no spreadsheet computes', () => {
  const odd = ['=1+1', 'with "quotes"'].map((name, at) => ({ line: at + 5, name, is_new: true, token: `dd_${at}` }))
  expect(tokensFile({ ...answer, devices: [...answer.devices, ...odd] }).split('\r\n')).toEqual([
    'name,token', '"pc-1",dd_1', `"'=1+1",dd_0`, '"with ""quotes""",dd_1', '',
  ])
})

it('counts wrong rows', () => {
  expect([wrongRows(0), wrongRows(1), wrongRows(2)]).toEqual(['0 wrong rows', '1 wrong row', '2 wrong rows'])
})
