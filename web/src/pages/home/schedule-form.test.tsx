import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import { desktop } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOfAda } from '../../tests/render-app'

const path = '/api/v1/desktops/7/schedule'
const schedule = {
  days: ['mon', 'fri'], starts_at: '08:30', stops_at: null, zone: 'Europe/Berlin',
  next_start_at: '2026-03-02T07:30:00Z', next_stop_at: null,
}

let server: FakeServer

beforeEach(() => {
  server = serverOfAda().on('GET /api/v1/desktops', { body: { items: [desktop()], next_cursor: null } })
})

async function openSchedule() {
  renderApp('/', server)
  await userEvent.click(await screen.findByRole('button', { name: 'More for Work' }))
  await userEvent.click(screen.getByRole('menuitem', { name: 'Schedule…' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Schedule of Work' }))
  await dialog.findByRole('button', { name: 'Save' })
  return dialog
}

it('is set, with working days at first', async () => {
  server.on(`GET ${path}`, { body: null }).on(`PUT ${path}`, { body: schedule })
  const dialog = await openSchedule()
  expect(dialog.getByRole('checkbox', { name: 'Mon' })).toBeChecked()
  expect(dialog.getByRole('checkbox', { name: 'Sun' })).not.toBeChecked()
  await userEvent.click(dialog.getByRole('checkbox', { name: 'Sat' }))
  await userEvent.clear(dialog.getByLabelText('Stop at'))
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('Work follows its schedule from now on.')).toBeVisible()
  const sent = (await server.requests.find(({ method }) => method === 'PUT')?.json()) as typeof schedule
  expect({ ...sent, days: sent.days.toSorted() }).toMatchObject({
    days: ['fri', 'mon', 'sat', 'thu', 'tue', 'wed'], starts_at: '08:00', stops_at: null,
  })
})

it('is not saved without a day or a time', async () => {
  server.on(`GET ${path}`, { body: schedule })
  const dialog = await openSchedule()
  expect(dialog.getByText(/Next start: 2 Mar 2026/)).toBeVisible()
  await userEvent.click(dialog.getByRole('checkbox', { name: 'Mon' }))
  await userEvent.click(dialog.getByRole('checkbox', { name: 'Fri' }))
  expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled()
})

it('is taken away', async () => {
  server.on(`GET ${path}`, { body: schedule }).on(`DELETE ${path}`, { status: 204 })
  const dialog = await openSchedule()
  await userEvent.click(dialog.getByRole('button', { name: 'Take the schedule away' }))
  expect(await screen.findByText('Work has no schedule any more.')).toBeVisible()
})

it('says why it could not be set', async () => {
  server.on(`GET ${path}`, { body: null }).on(`PUT ${path}`, { status: 422, body: 'There is no such time zone.' })
  const dialog = await openSchedule()
  await userEvent.click(dialog.getByRole('button', { name: 'Save' }))
  expect(await dialog.findByText('There is no such time zone.')).toBeVisible()
})
