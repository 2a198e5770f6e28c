import { expect, it } from 'vitest'
import { readFbs } from './fbs'

const letters = new TextEncoder()

/** An FBS file of these pieces. */
export function fbs(...pieces: [at: number, text: string][]): ArrayBuffer {
  const bytes = [...letters.encode('FBS 001.000\n')]
  const number = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
  for (const [at, text] of pieces) {
    const padding = new Array<number>((4 - (text.length % 4)) % 4).fill(0)
    bytes.push(...number(text.length), ...letters.encode(text), ...padding, ...number(at))
  }
  return new Uint8Array(bytes).buffer
}

const read = (file: ArrayBuffer) => readFbs(file).map(({ at, data }) => [at, new TextDecoder().decode(data)])

it('has the pieces with their times', () => {
  expect(read(fbs([0, 'hello'], [40, 'more'], [70_000, '']))).toEqual([[0, 'hello'], [40, 'more'], [70_000, '']])
})

it.each([1, 4, 9])('leaves out what was cut off, here %i bytes', (bytes) => {
  expect(read(fbs([0, 'hello'], [40, 'more!']).slice(0, -bytes))).toEqual([[0, 'hello']])
})

it('refuses what it is not', () => {
  expect(() => readFbs(letters.encode('4.sync,1.0;').buffer)).toThrow('This is not an FBS file.')
})
