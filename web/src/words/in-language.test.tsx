import { screen } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { ada } from '../tests/examples'
import { renderApp, serverOf } from '../tests/render-app'
import { speak } from './languages'

afterEach(() => {
  void speak('en')
})

it('shows the page in the words of the language that its person chose', async () => {
  renderApp('/', serverOf({ ...ada, language: 'de-AT' }))
  expect(await screen.findByRole('heading', { name: 'Desktop starten' })).toBeVisible()
  expect(screen.getAllByRole('link', { name: 'Sitzungen' })).not.toHaveLength(0)
  expect(document.documentElement.lang).toBe('de')
})

it('shows English words where a language has none', async () => {
  renderApp('/', serverOf({ ...ada, language: 'fr-FR' }))
  expect(await screen.findByRole('heading', { name: 'Launch a desktop' })).toBeVisible()
  expect(document.documentElement.lang).toBe('en')
})
