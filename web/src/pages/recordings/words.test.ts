import { expect, it } from 'vitest'
import { sizeWords, timecode } from './words'

it.each([
  [0, '0:00'],
  [999, '0:00'],
  [61_000, '1:01'],
  [3_723_000, '1:02:03'],
])('says %i milliseconds as %s', (milliseconds, words) => {
  expect(timecode(milliseconds)).toBe(words)
})

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [81_920, '81.9 kB'],
  [5_000_000, '5 MB'],
  [7.5e15, '7,500 TB'],
])('says %i bytes as %s', (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words)
})
