import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { ada, grace } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOf } from '../../tests/render-app'
import { apiToken } from '../../tests/tokens'
import './tokens-page'

const service = apiToken({
  id: '2', name: 'Nightly', scopes: ['people:read', 'desktops:write!group'], last_used_at: '2026-03-01T10:00:00Z',
  user: { id: 8, username: 'backup' }, created_by: { id: 2, username: 'grace' },
})

let server: FakeServer

const serverOfTokens = (user = grace, items = [service, apiToken()]) =>
  serverOf(user).on('GET /api/v1/tokens', { body: { items, next_cursor: null } })

beforeEach(() => {
  server = serverOfTokens()
})

const asked = () => server.requests.map(({ url }) => new URL(url)).filter(({ pathname }) => pathname === '/api/v1/tokens')

it('tells of everyone’s tokens whose they are, what they may do and until when', async () => {
  renderApp('/tokens', server)
  const row = (await screen.findByText('Nightly')).closest('li')
  expect(row).toHaveTextContent('For backup, made by grace')
  expect(row).toHaveTextContent('Desktops: change those of people they look after · People and groups: see everyone’s')
  expect(row).toHaveTextContent(/Until .* used/)
  expect(screen.getByText('Backups').closest('li')).toHaveTextContent(/For adaDesktops: see their own.*never used/)
  expect(asked()[0]?.searchParams.get('all')).toBe('true')
})

it('finds them by words', async () => {
  renderApp('/tokens', server)
  await screen.findByText('Nightly')
  server.on('GET /api/v1/tokens', { body: { items: [], next_cursor: null } })
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search by token and person' }), 'x')
  expect(await screen.findByText(/No token has all of these words/)).toBeVisible()
  expect(asked().at(-1)?.searchParams.get('search')).toBe('x')
  await userEvent.click(screen.getByRole('button', { name: 'Show all' }))
  await screen.findByText(/People make theirs on their profile/)
})

it('makes one for a service, shown once', async () => {
  const made = { ...service, token: 'deskbay_pat_secret' }
  server.on('POST /api/v1/service-tokens', { status: 201, body: made })
  renderApp('/tokens', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Make a token for a service' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Make a token for a service' }))
  await userEvent.type(dialog.getByLabelText('Name'), 'Nightly')
  await userEvent.selectOptions(dialog.getByLabelText('Desktops: change'), 'those of people it looks after')
  await userEvent.selectOptions(dialog.getByLabelText('People and groups: see'), 'everyone’s')
  expect(dialog.getByRole('button', { name: 'Make the token' })).toBeDisabled()
  await userEvent.type(dialog.getByLabelText('Account of the service'), ' backup ')
  await userEvent.click(dialog.getByRole('button', { name: 'Make the token' }))
  expect(await screen.findByLabelText('The token')).toHaveValue('deskbay_pat_secret')
  expect(screen.getByRole('button', { name: 'Copy: The token' })).toBeVisible()
  const sent = server.requests.find(({ method }) => method === 'POST')
  expect(await sent?.json()).toEqual({
    name: 'Nightly', description: '', username: 'backup', is_administrator: false, expires_in_days: 30,
    scopes: ['desktops:write!group', 'people:read!all'],
  })
  expect(screen.getByRole('button', { name: 'Done' })).toHaveFocus()
  await userEvent.keyboard('{Enter}')
  expect(screen.queryByDisplayValue('deskbay_pat_secret')).not.toBeInTheDocument()
  await waitFor(() => {
    expect(screen.getByRole('button', { name: 'Make a token for a service' })).toHaveFocus()
  })
})

it('says why one could not be made, and keeps what was typed', async () => {
  server.on('POST /api/v1/service-tokens', { status: 409, body: '“ada” is the account of a person.' })
  renderApp('/tokens', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Make a token for a service' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Make a token for a service' }))
  await userEvent.type(dialog.getByLabelText('Name'), 'Nightly')
  await userEvent.type(dialog.getByLabelText('Account of the service'), 'ada')
  await userEvent.click(dialog.getByLabelText('A new account is an administrator’s'))
  await userEvent.selectOptions(dialog.getByLabelText('Volumes: see'), 'its own')
  await userEvent.click(dialog.getByRole('button', { name: 'Make the token' }))
  expect(await dialog.findByText('“ada” is the account of a person.')).toBeVisible()
  expect(dialog.getByLabelText('Account of the service')).toHaveValue('ada')
})

it('revokes anyone’s', async () => {
  server.on('DELETE /api/v1/tokens/2', { status: 204 })
  renderApp('/tokens', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Revoke Nightly of backup' }))
  await userEvent.click(await screen.findByRole('button', { name: 'Revoke' }))
  await screen.findByText('Nightly is revoked.')
  await waitFor(() => {
    expect(server.times('GET /api/v1/tokens')).toBe(2)
  })
})

it('lets who may only read change nothing, and leads others nowhere', async () => {
  server = serverOfTokens({ ...ada, rights: { ...ada.rights, 'people:read': 'all' } })
  renderApp('/tokens', server)
  await screen.findByText('Nightly')
  expect(screen.queryByRole('button', { name: /Revoke|Make/ })).not.toBeInTheDocument()
})

it('is no page for others', async () => {
  server = serverOfTokens(ada)
  renderApp('/tokens', server)
  expect(await screen.findByRole('heading', { name: /not|no/i })).toBeVisible()
  expect(asked()).toEqual([])
})
