import { expect, it } from 'vitest'
import { example, languages } from './languages'

it('names common languages, and the one that was chosen', () => {
  expect(languages(null)).toContainEqual({ value: 'de-AT', label: 'Austrian German' })
  expect(languages(null).some(({ value }) => value === 'gsw-CH')).toBe(false)
  expect(languages('gsw-CH').filter(({ value }) => value === 'gsw-CH')).toHaveLength(1)
})

it('has each once, by name', () => {
  const all = languages('de-AT')
  expect(new Set(all.map(({ value }) => value)).size).toBe(all.length)
  const labels = all.map(({ label }) => label)
  expect(labels).toEqual([...labels].sort((one, other) => one.localeCompare(other, 'en')))
})

it('shows how it is written', () => {
  expect(example(null)).toBe('1 March 2026 · 1,234.5')
  expect(example('de-DE')).toBe('1. März 2026 · 1.234,5')
})
