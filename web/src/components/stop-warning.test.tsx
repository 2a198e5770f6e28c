import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, it } from 'vitest'
import type { Desktop } from '../api/client'
import { desktop } from '../tests/examples'
import type { FakeServer } from '../tests/fake-server'
import { renderApp, serverOfAda } from '../tests/render-app'

let server: FakeServer

function stopIn(minutes: number, different: Partial<NonNullable<Desktop['stop']>> = {}): Desktop['stop'] {
  const at = new Date(Date.now() + minutes * 60_000).toISOString()
  return { at, cause: 'idle', reason: 'It is stopped when nobody uses it for 1 hour.', can_be_kept: true, ...different }
}

function renderHome(stop: Desktop['stop']): void {
  server.on('GET /api/v1/desktops', { body: { items: [desktop({ stop })], next_cursor: null } })
  renderApp('/', server)
}

beforeEach(() => {
  server = serverOfAda()
})

it('tells when and why a desktop will be stopped', async () => {
  renderHome(stopIn(5))
  expect(await screen.findByText('It is stopped when nobody uses it for 1 hour.')).toBeVisible()
  expect(screen.getByText(/^Work will be stopped in/)).toHaveTextContent(/^Work will be stopped in [45]:\d\d\.$/)
})

it('keeps the desktop', async () => {
  server.on('POST /api/v1/desktops/7/keep', { body: desktop() })
  renderHome(stopIn(5))
  await userEvent.click(await screen.findByRole('button', { name: 'Keep it: Work' }))
  await waitFor(() => {
    expect(screen.queryByText(/will be stopped/)).not.toBeInTheDocument()
  })
})

it('says why a desktop can not be kept any more', async () => {
  server.on('POST /api/v1/desktops/7/keep', { status: 409, body: 'It has run for as long as it may.' })
  renderHome(stopIn(5))
  await userEvent.click(await screen.findByRole('button', { name: 'Keep it: Work' }))
  expect(await screen.findByText('It has run for as long as it may.')).toBeVisible()
  expect(screen.getByText(/will be stopped/)).toBeVisible()
})

it('offers nothing where nothing helps', async () => {
  renderHome(stopIn(5, { cause: 'lifetime', reason: 'It may run for 8 hours, no longer.', can_be_kept: false }))
  expect(await screen.findByText('It may run for 8 hours, no longer.')).toBeVisible()
  expect(screen.queryByRole('button', { name: /Keep it/ })).not.toBeInTheDocument()
})

it('is not there while there is time', async () => {
  renderHome(null)
  expect(await screen.findByRole('heading', { name: 'Work' })).toBeVisible()
  expect(screen.queryByText(/will be stopped/)).not.toBeInTheDocument()
})
