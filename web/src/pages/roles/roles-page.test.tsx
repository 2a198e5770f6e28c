import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import type { Role } from '../../api/roles'
import { ada, grace } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOf } from '../../tests/render-app'

const user: Role = {
  id: null, name: 'user', description: 'For everyone', rights: { 'volumes:read': 'own' }, people: [], groups: [],
}
const helpDesk: Role = {
  id: 4,
  name: 'Help desk',
  description: '',
  rights: { 'people:read': 'all', 'people:write': 'all' },
  people: [{ id: 1, username: 'ada' }],
  groups: [],
}
const lab = { id: 3, name: 'Lab', slug: 'lab' }

let server: FakeServer

beforeEach(() => {
  server = serverOf(grace).on('GET /api/v1/roles', { body: { items: [user, helpDesk] } })
})

it('tells what each lets do and who has it; those from the start stay as they are', async () => {
  renderApp('/roles', server)
  expect(await screen.findByText('People and groups: change everyone’s')).toBeVisible()
  expect(screen.getByText('Volumes: see their own')).toBeVisible()
  expect(screen.getByRole('link', { name: 'ada' })).toHaveAttribute('href', '/people/1')
  expect(screen.queryByRole('button', { name: 'More for user' })).not.toBeInTheDocument()
})

it('makes one by a table of things and how far they are reached', async () => {
  server.on('POST /api/v1/roles', { status: 201, body: { ...helpDesk, id: 5, name: 'Watch' } })
  renderApp('/roles', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Make a role' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Make a role' }))
  await userEvent.type(dialog.getByLabelText('Name'), 'Watch')
  expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled()
  await userEvent.selectOptions(dialog.getByLabelText('Activity and reports: see'), 'everyone’s')
  await userEvent.selectOptions(dialog.getByLabelText('Desktops: change'), 'those of people they look after')
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('The role Watch holds from now on.')).toBeVisible()
  const sent = server.requests.find(({ method }) => method === 'POST')
  expect(await sent?.json()).toEqual({
    name: 'Watch', description: '', rights: ['activity:read!all', 'desktops:write!group'],
  })
})

it('says why one could not be changed, and keeps what was chosen', async () => {
  server.on('PUT /api/v1/roles/4', { status: 403, body: 'You can’t give the right server:write!all.' })
  renderApp('/roles', server)
  await userEvent.click(await screen.findByRole('button', { name: 'More for Help desk' }))
  await userEvent.click(screen.getByRole('menuitem', { name: 'Edit…' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Role Help desk' }))
  expect(dialog.getByLabelText('People and groups: change')).toHaveValue('all')
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }))
  expect(await dialog.findByText('You can’t give the right server:write!all.')).toBeVisible()
  expect(dialog.getByLabelText('Name')).toHaveValue('Help desk')
})

it('gives one to a group, and takes it from a person', async () => {
  server
    .on('GET /api/v1/users', { body: { items: [], next_cursor: null, total: 0 } })
    .on('GET /api/v1/groups', { body: { items: [lab], next_cursor: null, total: 1 } })
    .on('PUT /api/v1/roles/4/groups/3', { status: 204 })
    .on('DELETE /api/v1/roles/4/people/1', { status: 204 })
  renderApp('/roles', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Who has Help desk…' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Who has Help desk' }))
  await userEvent.click(await dialog.findByRole('checkbox', { name: 'Lab' }))
  await userEvent.click(dialog.getByRole('checkbox', { name: 'ada' }))
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('Who has Help desk is saved.')).toBeVisible()
  expect(server.times('PUT /api/v1/roles/4/groups/3')).toBe(1)
  expect(server.times('DELETE /api/v1/roles/4/people/1')).toBe(1)
})

it('deletes one', async () => {
  server.on('DELETE /api/v1/roles/4', { status: 204 })
  renderApp('/roles', server)
  await userEvent.click(await screen.findByRole('button', { name: 'More for Help desk' }))
  await userEvent.click(screen.getByRole('menuitem', { name: 'Take away' }))
  expect(await screen.findByText('The role Help desk is deleted.')).toBeVisible()
  await waitFor(() => {
    expect(server.times('GET /api/v1/roles')).toBe(2)
  })
})

it('shows them to who may only read, and lets them change nothing', async () => {
  const reader = { ...ada, rights: { ...ada.rights, 'people:read': 'all' as const } }
  renderApp('/roles', serverOf(reader).on('GET /api/v1/roles', { body: { items: [helpDesk] } }))
  expect(await screen.findByRole('heading', { name: 'Help desk' })).toBeVisible()
  expect(screen.queryByRole('button', { name: /Help desk|Make/ })).not.toBeInTheDocument()
})
