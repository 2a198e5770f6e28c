import { expect, it } from 'vitest'
import { readVariables, writeVariables } from './variables'

it.each([
  ['', {}],
  ['COURSE=chemistry 1\n\n  LANG = de_DE.UTF-8', { COURSE: 'chemistry 1', LANG: ' de_DE.UTF-8' }],
  ['A=b=c', { A: 'b=c' }],
  ['A=', { A: '' }],
])('reads %j', (text, values) => {
  expect(readVariables(text)).toEqual({ values, problem: null })
})

it.each(['COURSE', '2ND=x', '=x', 'A-B=x'])('says what is wrong with %j', (line) => {
  expect(readVariables(`LANG=C\n${line}`).problem).toBe(`“${line}” is no variable: write it as NAME=value.`)
})

it('writes what it reads', () => {
  const values = { COURSE: 'chemistry 1', A: 'b=c' }
  expect(readVariables(writeVariables(values)).values).toEqual(values)
})
