import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import type { Desktop } from '../../api/client'
import { desktop } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOfAda } from '../../tests/render-app'

const hour = 3_600_000
const later = (hours: number) => new Date(Date.now() + hours * hour).toISOString()

let server: FakeServer

beforeEach(() => {
  server = serverOfAda()
})

async function openMenu(shown: Desktop) {
  server.on('GET /api/v1/desktops', { body: { items: [shown], next_cursor: null } })
  renderApp('/', server)
  await userEvent.click(await screen.findByRole('button', { name: 'More for Work' }))
}

it('tells how much time is left, and moves the end', async () => {
  const extended = desktop({ ends_at: later(5.5), latest_end: later(10) })
  server.on('POST /api/v1/desktops/7/extend', { body: extended })
  await openMenu(desktop({ ends_at: later(3.5), latest_end: later(10) }))
  expect(screen.getByText('3 hours left')).toBeVisible()
  await userEvent.click(screen.getByRole('menuitem', { name: 'Extend…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Extend Work' })
  await userEvent.selectOptions(within(dialog).getByLabelText('Let it run for'), '2 hours more')
  await userEvent.click(within(dialog).getByRole('button', { name: 'Extend' }))
  expect(await screen.findByText('5 hours left')).toBeVisible()
})

it('says why an end can not be moved', async () => {
  server.on('POST /api/v1/desktops/7/extend', { status: 409, body: 'It has no end that could be moved.' })
  await openMenu(desktop({ ends_at: later(3), latest_end: later(10) }))
  await userEvent.click(screen.getByRole('menuitem', { name: 'Extend…' }))
  await userEvent.click(await screen.findByRole('button', { name: 'Extend' }))
  expect(await screen.findByText('It has no end that could be moved.')).toBeVisible()
})

it.each([
  ['it has no end', desktop()],
  ['it may not be extended', desktop({ ends_at: later(3), latest_end: null, state: 'stopped', wanted: 'stopped' })],
])('offers no extension where %s', async (_, shown) => {
  await openMenu(shown)
  expect(screen.queryByRole('menuitem', { name: 'Extend…' })).not.toBeInTheDocument()
})

it('takes another name', async () => {
  server.on('PATCH /api/v1/desktops/7', { body: desktop({ name: 'Thesis' }) })
  await openMenu(desktop())
  await userEvent.click(screen.getByRole('menuitem', { name: 'Rename…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Rename Work' })
  await userEvent.clear(within(dialog).getByLabelText(/Name/))
  await userEvent.type(within(dialog).getByLabelText(/Name/), 'Thesis')
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }))
  expect(await screen.findByRole('heading', { name: 'Thesis' })).toBeVisible()
})

it('tells what happened to a desktop that runs', async () => {
  const change = { id: 1, at: '2026-03-01T10:00:00Z', state: 'running', reason: 'It was started again.', actor: null }
  server.on('GET /api/v1/desktops/7/history', { body: { items: [change], next_cursor: null } })
  await openMenu(desktop())
  await userEvent.click(screen.getByRole('menuitem', { name: 'What happened' }))
  expect(await screen.findByText('It was started again.')).toBeVisible()
})
