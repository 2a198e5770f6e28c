import { expect, it } from 'vitest'
import { csv } from './csv'

it.each([
  [[['person', 'room'], ['ada', 'Lab 1']], 'person,room\r\nada,Lab 1\r\n'],
  [[['Lovelace, Ada', 'the "old" lab']], '"Lovelace, Ada","the ""old"" lab"\r\n'],
  [[['two\nlines', '']], '"two\nlines",\r\n'],
  [[['=1+1', '+1', '-1', '@x', 'a=b']], "'=1+1,'+1,'-1,'@x,a=b\r\n"],
  [[['=A1,B1']], `"'=A1,B1"\r\n`],
  [[], ''],
])('writes %j', (rows, text) => {
  expect(csv(rows)).toBe(text)
})
