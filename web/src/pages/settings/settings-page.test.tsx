import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Setting } from '../../api/settings'
import { grace } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOf } from '../../tests/render-app'
import { sourceWords, valueWords } from './words'

const port: Setting = {
  name: 'port', value: 9000, is_secret: false, source: 'environment', named: 'DESKBAY_PORT', default: 8000,
  meaning: 'Port to listen on',
}
const password: Setting = {
  name: 'email_host_password', value: '•••', is_secret: true, source: 'file', named: 'settings.toml', default: null,
  meaning: 'Password at the mail server',
}

let server: FakeServer

beforeEach(() => {
  server = serverOf(grace).on('GET /api/v1/settings', { body: { items: [port, password] } })
})

it('tells each setting with where it comes from', async () => {
  renderApp('/settings', server)
  const row = within(await screen.findByRole('row', { name: /port Port to listen on/ }))
  expect(row.getByText('9000')).toBeVisible()
  expect(row.getByText('Environment: DESKBAY_PORT')).toBeVisible()
  expect(screen.getByRole('row', { name: /email_host_password.*••• set settings.toml/ })).toBeVisible()
})

it('finds settings by their meaning', async () => {
  renderApp('/settings', server)
  await userEvent.type(await screen.findByRole('searchbox', { name: 'Search the settings' }), 'mail server')
  expect(await screen.findByRole('row', { name: /email_host_password/ })).toBeVisible()
  expect(screen.queryByRole('row', { name: /listen on/ })).not.toBeInTheDocument()
  await userEvent.type(screen.getByRole('searchbox'), ' nowhere')
  await userEvent.click(await screen.findByRole('button', { name: 'Show all' }))
  expect(await screen.findByRole('row', { name: /listen on/ })).toBeVisible()
})

it('says so when its file cannot be read any more', async () => {
  renderApp('/settings', server.on('GET /api/v1/settings', { status: 409, body: 'settings.toml was changed. Correct it.' }))
  expect(await screen.findByText('settings.toml was changed. Correct it.')).toBeVisible()
})

describe('words', () => {
  const values: [Setting['value'], boolean, string][] = [
    [null, false, 'none'],
    [[], false, 'none'],
    ['', false, 'none'],
    [false, false, 'no'],
    [true, false, 'yes'],
    [0, false, '0'],
    [['a', 'b'], false, 'a, b'],
    ['•••', true, '••• set'],
    [null, true, 'none'],
  ]
  it.each(values)('say %j', (value, is_secret, said) => {
    expect(valueWords({ value, is_secret })).toBe(said)
  })

  it('show what has parts line by line', () => {
    expect(valueWords({ value: { name: 'school' }, is_secret: false })).toContain('"name": "school"')
  })

  it('tell sources', () => {
    expect(sourceWords({ source: 'default', named: null })).toBe('Default')
    expect(sourceWords({ source: 'command-line', named: null })).toBe('Command line')
    expect(sourceWords({ source: 'environment', named: null })).toBe('Environment')
  })
})
