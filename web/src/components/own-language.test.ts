import { afterEach, expect, it } from 'vitest'
import { sayDay, sayRange } from './activity/dates'
import { count, hours, share } from './activity/hours'
import { inOwnLanguage, ownLanguage, writeIn } from './own-language'
import { memoryWords } from './size-words'
import { day, exact, span } from './time'

afterEach(() => {
  writeIn(null)
})

it('is English where none was chosen', () => {
  expect(ownLanguage()).toBe('en-GB')
  expect([hours(4_500_000), sayDay('2026-03-01')]).toEqual(['1,250.00', 'Sunday, 1 March 2026'])
})

it.each([
  ['de-AT', 'Sonntag, 1. März 2026', '1 250,00', '12,5 %', '1,5 GB', '0,4 s'],
  ['en-US', 'Sunday, March 1, 2026', '1,250.00', '12.5%', '1.5 GB', '0.4 s'],
  ['ja-JP', '2026年3月1日日曜日', '1,250.00', '12.5%', '1.5 GB', '0.4 s'],
])('writes dates and numbers as in %s', (language, date, number, part, size, seconds) => {
  writeIn(language)
  expect([sayDay('2026-03-01'), hours(4_500_000), share(0.125), memoryWords(1536), span(400)].map(plain)).toEqual([
    date,
    number,
    part,
    size,
    seconds,
  ])
})

it('is followed by whatever was written before', () => {
  const before = [count(1250), exact('2026-03-01T10:00:00Z'), day('2026-03-01T10:00:00Z'), sayRange({ from: '2026-03-01', to: '2026-03-07' })]
  writeIn('fr-FR')
  const after = [count(1250), exact('2026-03-01T10:00:00Z'), day('2026-03-01T10:00:00Z'), sayRange({ from: '2026-03-01', to: '2026-03-07' })]
  expect(after.every((text, number) => text !== before[number])).toBe(true)
  writeIn(null)
  expect(count(1250)).toBe(before[0])
})

it('makes what it needs once for each language', () => {
  let times = 0
  const made = inOwnLanguage((language) => `${language} ${(times += 1).toString()}`)
  expect([made(), made()]).toEqual(['en-GB 1', 'en-GB 1'])
  writeIn('de')
  expect([made(), made()]).toEqual(['de 2', 'de 2'])
})

const plain = (text: string) => text.replaceAll(/\s/g, ' ')
