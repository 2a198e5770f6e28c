import { act, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { Desktop } from '../../api/client'
import { desktop } from '../../tests/examples'
import { FakeEventSource } from '../../tests/fake-event-source'
import { renderApp, serverOfAda } from '../../tests/render-app'

const steps = [
  { name: 'Preparing the home', at: '2026-03-01T10:00:00.000Z' },
  { name: 'Starting the desktop', at: '2026-03-01T10:00:00.400Z' },
]
const starting = desktop({ state: 'starting', steps: steps.slice(0, 1) })

const serverWith = (shown: Desktop, lines: string[] = []) =>
  serverOfAda()
    .on('GET /api/v1/desktops/7', { body: shown })
    .on('GET /api/v1/desktops/7/log', { body: { lines } })

describe('a launch', () => {
  it('shows its steps as they come', async () => {
    renderApp('/desktops/7', serverWith(starting))
    expect(await screen.findByText('Preparing the home')).toBeVisible()
    act(() => {
      FakeEventSource.last.send('desktop', { ...starting, steps })
    })
    expect(await screen.findByText('Starting the desktop')).toBeVisible()
    expect(screen.getByText('0.4 s')).toBeVisible()
  })

  it('that is called off for the first time leaves no desktop', async () => {
    const server = serverWith(starting).on('DELETE /api/v1/desktops/7', { status: 204 })
    renderApp('/desktops/7', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }))
    await screen.findByRole('heading', { name: 'Your desktops' })
    expect(server.times('DELETE /api/v1/desktops/7')).toBe(1)
  })

  it('of an older desktop only stops when it is called off', async () => {
    const again = { ...starting, started_at: '2026-03-05T10:00:00Z' }
    const server = serverWith(again).on('POST /api/v1/desktops/7/stop', {
      body: { ...again, wanted: 'stopped', state: 'stopping' },
    })
    renderApp('/desktops/7', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }))
    await screen.findByRole('heading', { name: 'Your desktops' })
    expect(server.times('POST /api/v1/desktops/7/stop')).toBe(1)
  })
})

describe('a failure', () => {
  const failed = desktop({ state: 'failed', wanted: 'stopped', reason: 'Xvnc is missing.', steps })

  it('shows its reason, the step at which it came, and the log', async () => {
    renderApp('/desktops/7', serverWith(failed, ['\u001b[1mXvnc: not found\u001b[0m']))
    expect(await screen.findByRole('alert')).toHaveTextContent('Xvnc is missing.')
    expect(screen.getByLabelText('failed here').closest('li')).toHaveTextContent('Starting the desktop')
    expect(await screen.findByText('Xvnc: not found')).toBeVisible()
  })

  it('can be tried again', async () => {
    const server = serverWith(failed).on('POST /api/v1/desktops/7/start', {
      body: desktop({ state: 'pending', state_since: '2026-03-01T11:00:00Z' }),
    })
    renderApp('/desktops/7', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Try again' }))
    expect(await screen.findByText('Waiting for its turn')).toBeVisible()
  })
})

describe('a desktop', () => {
  it('that is stopped can be started again', async () => {
    const server = serverWith(desktop({ state: 'stopped', wanted: 'stopped', reason: 'You stopped it.' })).on(
      'POST /api/v1/desktops/7/start',
      { status: 409, body: 'You may have one desktop running.' },
    )
    renderApp('/desktops/7', server)
    expect(await screen.findByText(/You stopped it\. Since .*2026/)).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Start again' }))
    expect(await screen.findByText('You may have one desktop running.')).toBeVisible()
  })

  it.each(['/desktops/99', '/desktops/nonsense'])('that is not there is not found: %s', async (path) => {
    renderApp(path, serverOfAda())
    await screen.findByRole('heading', { name: 'There is no such desktop' })
  })

  it('that is being deleted cannot be started', async () => {
    renderApp('/desktops/7', serverWith(desktop({ state: 'stopped', wanted: 'deleted' })))
    await screen.findByRole('heading', { name: 'Work is deleted' })
    expect(screen.queryByRole('button', { name: 'Start again' })).not.toBeInTheDocument()
  })
})
