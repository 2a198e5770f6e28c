import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { ada, grace, joan } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOf } from '../../tests/render-app'
import { report } from '../../tests/reports'
import { apiToken } from '../../tests/tokens'
import './person-page'

const person = { ...ada, sign_in: null, created_at: '2026-01-01T00:00:00Z', disabled_at: null }

function serverOfPerson(user = grace): FakeServer {
  return serverOf(user)
    .on('GET /api/v1/users/1', { body: person })
    .on('GET /api/v1/sign-ins', { body: { items: [], next_cursor: null, total: null } })
    .on('GET /api/v1/activity', { body: { items: [] } })
    .on('GET /api/v1/users/1/groups', { body: { items: [] } })
    .on('GET /api/v1/users/1/rights', { body: { items: [] } })
    .on('GET /api/v1/tokens', { body: { items: [apiToken()], next_cursor: null } })
    .on('GET /api/v1/reports/hours', { body: report([], { compared_total_seconds: 0 }) })
}

it('shows a person’s hours and login history to an administrator', async () => {
  const server = serverOfPerson()
  renderApp('/people/1', server)
  await screen.findByRole('heading', { name: 'Ada Lovelace', level: 1 })
  await screen.findByRole('heading', { name: 'Login history' })
  const asked = server.requests.map(({ url }) => new URL(url)).filter(({ pathname }) => pathname.endsWith('/hours'))
  expect(asked.length).toBeGreaterThan(0)
  expect(asked.every(({ searchParams }) => searchParams.get('user_id') === '1')).toBe(true)
})

it('lets who looks after a person see them, and change nothing of their account', async () => {
  const server = serverOfPerson(joan)
  renderApp('/people/1', server)
  await screen.findByRole('heading', { name: 'Login history' })
  expect(screen.queryByRole('button', { name: /Disable|Reset|Erase/ })).not.toBeInTheDocument()
  expect(server.asked).not.toContain('GET /api/v1/users/1/groups')
})

it('tells what a person may do, and by what', async () => {
  const sources = [
    { role: 'user', role_id: null, group: null, reach: 'own' },
    { role: 'Watch', role_id: 4, group: { id: 3, name: 'Lab', slug: 'lab' }, reach: 'all' },
  ]
  const items = [{ scope: 'activity:read', reach: 'all', sources }]
  renderApp('/people/1', serverOfPerson().on('GET /api/v1/users/1/rights', { body: { items } }))
  const row = await screen.findByRole('row', { name: /Activity and reports: see/ })
  expect(row).toHaveTextContent('everyone’s')
  expect(row).toHaveTextContent('role user (their own)')
  expect(row).toHaveTextContent('role Watch by Lab')
})

it('lists a person’s tokens, to be revoked by who may change people', async () => {
  const server = serverOfPerson()
  renderApp('/people/1', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Revoke Backups of ada' }))
  expect(await screen.findByRole('dialog', { name: 'Revoke Backups?' })).toBeVisible()
  const asked = server.requests.map(({ url }) => new URL(url)).find(({ pathname }) => pathname.endsWith('/tokens'))
  expect(asked?.searchParams.get('user_id')).toBe('1')
  expect(asked?.searchParams.get('all')).toBe('true')
})

it('keeps tokens from who looks after a group', async () => {
  const server = serverOfPerson(joan)
  renderApp('/people/1', server)
  await screen.findByRole('heading', { name: 'Login history' })
  expect(server.asked).not.toContain('GET /api/v1/tokens')
})

it('shows no more than the rights of who looks lead to', async () => {
  const server = serverOfPerson({ ...ada, id: 9, rights: { ...ada.rights, 'people:read': 'all' } })
  renderApp('/people/1', server)
  await screen.findByRole('heading', { name: 'Ada Lovelace', level: 1 })
  expect(screen.queryByRole('button', { name: /Disable|Reset|Erase/ })).not.toBeInTheDocument()
  expect(server.asked.filter((asked) => /hours|sign-ins|activity/.test(asked))).toEqual([])
})

it('names the groups of a person, and by what', async () => {
  const items = [
    { id: 3, name: 'Class 7b', slug: 'class-7b', is_direct: true, is_administrator: true },
    { id: 1, name: 'School', slug: 'school', is_direct: false, is_administrator: false },
  ]
  renderApp('/people/1', serverOfPerson().on('GET /api/v1/users/1/groups', { body: { items } }))
  expect(await screen.findByRole('link', { name: 'Class 7b' })).toHaveAttribute('href', '/groups/3')
  expect(screen.getByText('looks after it')).toBeVisible()
  expect(screen.getByText('by a group in it')).toBeVisible()
})

it('erases a person after the name was typed, and not before', async () => {
  const server = serverOfPerson().on('DELETE /api/v1/users/1/activity', { status: 204 })
  renderApp('/people/1', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Erase what was recorded' }))
  const erase = await screen.findByRole('button', { name: 'Delete for good' })
  expect(erase).toBeDisabled()
  await userEvent.type(screen.getByLabelText(/Type “ada”/), 'ada{Enter}')
  await waitFor(() => {
    expect(server.times('DELETE /api/v1/users/1/activity')).toBe(1)
  })
  expect(await screen.findByText('ada is erased.')).toBeVisible()
})

it('says so where there is nobody', async () => {
  renderApp('/people/9', serverOfPerson().on('GET /api/v1/users/9', { status: 404, body: 'There is no user 9.' }))
  await screen.findByRole('heading', { name: 'There is no such person' })
})

it('is not there for people who are no administrators', async () => {
  renderApp('/people/1', serverOf(ada))
  await screen.findByRole('heading', { name: 'There is no such page' })
})

it('disables a person, with a way back, and enables one', async () => {
  const server = serverOfPerson()
    .on('POST /api/v1/users/1/disable', { status: 204 })
    .on('POST /api/v1/users/1/enable', { status: 204 })
  renderApp('/people/1', server)
  const disable = await screen.findByRole('button', { name: 'Disable' })
  server.on('GET /api/v1/users/1', { body: { ...person, disabled_at: '2026-03-01T10:00:00Z' } })
  await userEvent.click(disable)
  await screen.findByText('Disabled')
  expect(screen.getByRole('button', { name: 'Enable' })).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Undo' }))
  await waitFor(() => {
    expect(server.times('POST /api/v1/users/1/enable')).toBe(1)
  })
})

it('makes a person an administrator, and one no more, each after a question', async () => {
  const server = serverOfPerson().on('PUT /api/v1/users/1/role', { status: 204 })
  renderApp('/people/1', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Make administrator' }))
  const asked = within(await screen.findByRole('dialog', { name: /^Make .* an administrator\?$/ }))
  server.on('GET /api/v1/users/1', { body: { ...person, role: 'administrator' } })
  await userEvent.click(asked.getByRole('button', { name: 'Make administrator' }))
  await userEvent.click(await screen.findByRole('button', { name: 'Administrator no more' }))
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Administrator no more' }))
  await waitFor(() => {
    expect(server.times('PUT /api/v1/users/1/role')).toBe(2)
  })
  const sent = server.requests.filter(({ method }) => method === 'PUT')
  expect(await Promise.all(sent.map((one) => one.json()))).toEqual([{ role: 'administrator' }, { role: 'user' }])
})

it('leaves it to administrators of the server to make others', async () => {
  renderApp('/people/1', serverOfPerson().on('GET /api/v1/auth/me', { body: { ...grace, id: 7, role: 'user' } }))
  await screen.findByRole('button', { name: 'Disable' })
  expect(screen.queryByRole('button', { name: 'Make administrator' })).not.toBeInTheDocument()
})

it('offers nobody to change their own account', async () => {
  const server = serverOfPerson().on('GET /api/v1/auth/me', { body: { ...grace, id: 1 } })
  renderApp('/people/1', server)
  await screen.findByRole('heading', { name: 'Ada Lovelace', level: 1 })
  expect(screen.queryByRole('button', { name: /administrator|Disable|Reset|Erase/ })).not.toBeInTheDocument()
})
