import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { grace } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOf } from '../../tests/render-app'

const none = { desktops: null, memory_mb: null, cpus: null, hours: null, period: null, is_shared: false }
const forAda = { ...none, id: 1, user: { id: 1, username: 'ada' }, group: null, desktops: 2 }
const lab = { id: 3, name: 'Lab', slug: 'lab' }

let server: FakeServer

beforeEach(() => {
  server = serverOf(grace).on('GET /api/v1/allowances', { body: { items: [forAda] } })
})

it('tells what each has, and finds them by name', async () => {
  renderApp('/allowances', server)
  expect(await screen.findByRole('row', { name: /ada 2 desktops –/ })).toBeVisible()
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search the allowances' }), 'bob')
  expect(await screen.findByText('Nobody of that name has an allowance.')).toBeVisible()
})

it('teaches what allowances are where there is none', async () => {
  renderApp('/allowances', server.on('GET /api/v1/allowances', { body: { items: [] } }))
  expect(await screen.findByRole('button', { name: 'Add the first allowance' })).toBeVisible()
  expect(screen.queryByRole('button', { name: 'Add an allowance' })).not.toBeInTheDocument()
})

it('gives a group hours together', async () => {
  server
    .on('GET /api/v1/users', { body: { items: [], next_cursor: null, total: 0 } })
    .on('GET /api/v1/groups', { body: { items: [lab], next_cursor: null, total: 1 } })
    .on('POST /api/v1/allowances', { status: 201, body: { ...forAda, id: 2, user: null, group: lab, is_shared: true } })
  renderApp('/allowances', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Add an allowance' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Add an allowance' }))
  await userEvent.selectOptions(dialog.getByLabelText('For'), 'all members of a group together')
  await userEvent.selectOptions(dialog.getByLabelText('Group'), await dialog.findByRole('option', { name: 'Lab' }))
  await userEvent.type(dialog.getByLabelText('Hours'), '40')
  await userEvent.selectOptions(dialog.getByLabelText('in each'), 'month')
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('The allowance for Lab, all together holds from now on.')).toBeVisible()
  const sent = server.requests.find(({ method }) => method === 'POST')
  expect(await sent?.json()).toEqual({
    ...none, user_id: null, group_id: 3, is_shared: true, hours: 40, period: 'month',
  })
})

it('is changed and says why it could not be', async () => {
  server.on('PUT /api/v1/allowances/1', { status: 422, body: 'One of them has to be there.' })
  renderApp('/allowances', server)
  await userEvent.click(await screen.findByRole('button', { name: 'More for ada' }))
  await userEvent.click(screen.getByRole('menuitem', { name: 'Edit…' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Allowance for ada' }))
  await userEvent.clear(dialog.getByLabelText('Desktops at once'))
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('One of them has to be there.')).toBeVisible()
})

it('is taken away', async () => {
  server.on('DELETE /api/v1/allowances/1', { status: 204 })
  renderApp('/allowances', server)
  await userEvent.click(await screen.findByRole('button', { name: 'More for ada' }))
  await userEvent.click(screen.getByRole('menuitem', { name: 'Take away' }))
  expect(await screen.findByText('The allowance for ada is taken away.')).toBeVisible()
  await waitFor(() => {
    expect(server.times('GET /api/v1/allowances')).toBe(2)
  })
})
