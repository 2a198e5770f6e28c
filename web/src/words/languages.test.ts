import { t } from '@lingui/core/macro'
import { afterEach, expect, it, vi } from 'vitest'
import { ofBrowser, speak, wordsOf } from './languages'

afterEach(() => {
  void speak('en')
})

it.each([['de', 'de'], ['de-AT', 'de'], ['en-US', 'en'], ['fr-FR', 'en'], ['den', 'en']] as const)('reads %s with the words of %s', (language, words) => {
  expect(wordsOf(language)).toBe(words)
})

it.each([
  [['de-CH', 'en'], 'de-CH'],
  [['fr', 'de-DE'], 'de-DE'],
  [['en-US', 'de'], 'en-GB'],
  [['ja'], 'en-GB'],
])('takes of the languages %s of a browser the first with words', (languages, taken) => {
  vi.spyOn(navigator, 'languages', 'get').mockReturnValue(languages)
  expect(ofBrowser()).toBe(taken)
})

it('waits for German words once, and speaks them from then on', async () => {
  const name = 'Work'
  expect(speak('en')).toBeNull()
  expect(t`Sign in`).toBe('Sign in')
  const waiting = speak('de')
  expect(waiting).toBe(speak('de'))
  await waiting
  expect(speak('de')).toBeNull()
  expect([t`Sign in`, t`${name} is stopped`]).toEqual(['Anmelden', 'Work ist gestoppt'])
})
