import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { auditEntry } from '../../tests/audit'
import { ada, grace } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOf } from '../../tests/render-app'

let server: FakeServer

beforeEach(() => {
  server = serverOf(grace).on('GET /api/v1/audit', { body: { items: [auditEntry()], next_cursor: null } })
})

function lastQuestion(): URLSearchParams {
  const asked = server.requests.filter(({ url }) => new URL(url).pathname === '/api/v1/audit')
  return new URL(asked.at(-1)?.url ?? 'http://none').searchParams
}

it('tells who did what, from where, and what was different', async () => {
  renderApp('/audit', server)
  const row = within(await screen.findByRole('row', { name: /grace changed account ada/ }))
  expect(row.getByText('192.0.2.7')).toBeVisible()
  expect(row.getByText('user').tagName).toBe('DEL')
  expect(row.getByText('administrator').tagName).toBe('INS')
  expect(row.getByRole('link', { name: 'ada' })).toHaveAttribute('href', '/people/1')
})

it('is narrowed by the address and by the fields', async () => {
  renderApp('/audit?what=desktops&did=deleted', server)
  expect(await screen.findByLabelText('To or with')).toHaveValue('desktops')
  await waitFor(() => {
    expect(lastQuestion().get('action')).toBe('deleted')
  })
  await userEvent.selectOptions(screen.getByLabelText('Did'), 'entered')
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search by the login of who did it' }), 'gra')
  await waitFor(() => {
    expect(Object.fromEntries(lastQuestion())).toEqual({ action: 'entered', object_kind: 'desktops', actor: 'gra' })
  })
  expect(screen.getByRole('link', { name: 'Export' })).toHaveAttribute(
    'href',
    '/api/v1/audit/export?actor=gra&action=entered&object_kind=desktops',
  )
})

it('shows many differences when asked to', async () => {
  const after = { a: 1, b: 2, c: 3, d: 4, e: 5 }
  server.on('GET /api/v1/audit', { body: { items: [auditEntry({ action: 'created', before: null, after })], next_cursor: null } })
  renderApp('/audit', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Show all 5' }))
  expect(screen.getByText('5')).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Show less' }))
  expect(screen.queryByText('5')).not.toBeInTheDocument()
})

it('goes on to older entries', async () => {
  server.on('GET /api/v1/audit', ({ url }) =>
    new URL(url).searchParams.get('cursor') === '7'
      ? { body: { items: [auditEntry({ id: 3, action: 'entered' })], next_cursor: null } }
      : { body: { items: [auditEntry()], next_cursor: 7 } },
  )
  renderApp('/audit', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Show older entries' }))
  expect(await screen.findByRole('row', { name: /grace entered account ada/ })).toBeVisible()
})

it('leads back to everything where nothing was found', async () => {
  server.on('GET /api/v1/audit', { body: { items: [], next_cursor: null } })
  renderApp('/audit?who=nobody', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Show everything' }))
  await waitFor(() => {
    expect(lastQuestion().get('actor')).toBeNull()
  })
})

it('says so when it could not be loaded', async () => {
  renderApp('/audit', server.on('GET /api/v1/audit', { status: 503, body: 'The database does not answer.' }))
  expect(await screen.findByText('The database does not answer.')).toBeVisible()
})

it('tells of Deskbay itself, of tokens, of devices and of who is gone', async () => {
  const actors = [
    { kind: 'system', id: null, name: null },
    { kind: 'nobody', id: null, name: null },
    { kind: 'token', id: 2, name: 'grace', token: 'Robot' },
    { kind: 'device', id: 4, name: null },
    { kind: 'person', id: 9, name: null },
  ] as const
  const items = actors.map((actor, id) => auditEntry({ id, actor }))
  renderApp('/audit', server.on('GET /api/v1/audit', { body: { items, next_cursor: null } }))
  expect(await screen.findByRole('row', { name: /Deskbay changed/ })).toBeVisible()
  expect(screen.getByRole('row', { name: /Somebody not signed in changed/ })).toBeVisible()
  expect(screen.getByRole('row', { name: /grace by the token Robot changed/ })).toBeVisible()
  expect(screen.getByRole('row', { name: /device 4 changed/ })).toBeVisible()
  expect(screen.getByRole('row', { name: /somebody who is gone \(9\) changed/ })).toBeVisible()
})

it('is for administrators only', async () => {
  const hers = serverOf(ada)
  renderApp('/audit', hers)
  await waitFor(() => {
    expect(hers.times('GET /api/v1/auth/me')).toBeGreaterThan(0)
  })
  expect(hers.times('GET /api/v1/audit')).toBe(0)
})
