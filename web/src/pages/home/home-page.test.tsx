import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { desktop, template } from '../../tests/examples'
import { FakeEventSource } from '../../tests/fake-event-source'
import { renderApp, serverOfAda } from '../../tests/render-app'

const withDesktops = (...items: ReturnType<typeof desktop>[]) =>
  serverOfAda().on('GET /api/v1/desktops', { body: { items, next_cursor: null } })

const stopped = desktop({ id: 8, name: 'Rest', state: 'stopped', wanted: 'stopped' })

describe('desktops', () => {
  it('teach what they are when there is none', async () => {
    renderApp('/', serverOfAda())
    expect(await screen.findByText(/whole computer in your browser/)).toBeVisible()
  })

  it('are opened while they run, and started again when they do not', async () => {
    renderApp('/', withDesktops(desktop(), stopped))
    const work = within(await screen.findByRole('article', { name: 'Work' }))
    const rest = within(screen.getByRole('article', { name: 'Rest' }))
    expect(work.getByText('Running')).toBeVisible()
    expect(work.getByRole('link', { name: 'Open Work' })).toHaveAttribute('href', '/desktops/7')
    expect(rest.getByRole('button', { name: 'Start again: Rest' })).toBeVisible()
    expect(rest.queryByRole('button', { name: 'Stop Rest' })).not.toBeInTheDocument()
  })

  it('tell why they failed', async () => {
    renderApp('/', withDesktops(desktop({ state: 'failed', wanted: 'stopped', reason: 'The disk is full.' })))
    expect(await screen.findByText('The disk is full.')).toBeVisible()
  })

  it('have what an administrator says until one has read it', async () => {
    const told = desktop({ message: 'Save your work.', message_at: '2026-03-01T11:00:00Z' })
    const server = withDesktops(told).on('DELETE /api/v1/desktops/7/message', { body: desktop() })
    renderApp('/', server)
    expect(await screen.findByText(/Save your work\./)).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Understood' }))
    await waitFor(() => {
      expect(screen.queryByText(/Save your work\./)).not.toBeInTheDocument()
    })
  })

  it('follow the stream of events', async () => {
    renderApp('/', withDesktops(desktop()))
    await screen.findByText('Running')
    act(() => {
      FakeEventSource.last.send('desktop', desktop({ state: 'stopping', wanted: 'stopped' }))
    })
    expect(await screen.findByText('Stopping')).toBeVisible()
    expect(screen.getByRole('button', { name: 'Stop Work' })).toBeDisabled()
  })

  it('are stopped without a question, and can be started again', async () => {
    const server = withDesktops(desktop())
      .on('POST /api/v1/desktops/7/stop', { body: desktop({ state: 'stopping', wanted: 'stopped' }) })
      .on('POST /api/v1/desktops/7/start', { body: desktop({ state: 'pending' }) })
    renderApp('/', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Stop Work' }))
    expect(await screen.findByText(/Work is being stopped/)).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Start again' }))
    expect(await screen.findByText('Pending')).toBeVisible()
    expect(server.times('POST /api/v1/desktops/7/start')).toBe(1)
  })

  it('lead to their launch when they are started again', async () => {
    const pending = { ...stopped, state: 'pending' as const, wanted: 'running' as const }
    const server = withDesktops(stopped)
      .on('POST /api/v1/desktops/8/start', { body: pending })
      .on('GET /api/v1/desktops/8', { body: pending })
      .on('GET /api/v1/desktops/8/log', { body: { lines: [] } })
    renderApp('/', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Start again: Rest' }))
    expect(await screen.findByText('Waiting for its turn')).toBeVisible()
  })

  it('are deleted only by one who types the name', async () => {
    const server = withDesktops(desktop()).on('DELETE /api/v1/desktops/7', { status: 204 })
    renderApp('/', server)
    await userEvent.click(await screen.findByRole('button', { name: 'More for Work' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete…' }))
    const field = await screen.findByLabelText('Type “Work” to delete it')
    await userEvent.type(field, 'work{Enter}')
    expect(screen.getByRole('button', { name: 'Delete for good' })).toBeDisabled()
    expect(server.times('DELETE /api/v1/desktops/7')).toBe(0)
    await userEvent.clear(field)
    await userEvent.type(field, 'Work{Enter}')
    await screen.findByText('Work is deleted.')
    expect(screen.queryByRole('article', { name: 'Work' })).not.toBeInTheDocument()
  })

  it('say when they could not be loaded, and try again', async () => {
    const server = serverOfAda().on('GET /api/v1/desktops', { status: 400, body: 'The database is being moved.' })
    renderApp('/', server)
    expect(await screen.findByText('The database is being moved.')).toBeVisible()
    server.on('GET /api/v1/desktops', { body: { items: [desktop()], next_cursor: null } })
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByRole('article', { name: 'Work' })).toBeVisible()
  })
})

describe('the gallery', () => {
  const templates = [
    template(),
    template({ id: 2, slug: 'browser', name: 'Browser', description: 'Chromium', category: 'Browsers' }),
    template({ id: 3, slug: 'lab', name: 'Lab', unavailable_reason: 'Install xfce4.' }),
  ]
  const server = () => serverOfAda().on('GET /api/v1/templates', { body: { items: templates } })
  const shown = () => screen.getAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent)

  it('finds by category and by words; the slash key begins a search', async () => {
    renderApp('/', server())
    await userEvent.click(await screen.findByRole('radio', { name: 'Browsers' }))
    expect(shown()).toEqual(['Browser'])
    await userEvent.click(screen.getByRole('radio', { name: 'All' }))
    await userEvent.click(screen.getByRole('heading', { level: 1 }))
    await userEvent.keyboard('/chrom')
    expect(screen.getByRole('searchbox')).toHaveValue('chrom')
    expect(shown()).toEqual(['Browser'])
    await userEvent.keyboard('zzz')
    await userEvent.click(screen.getByRole('button', { name: 'Show all' }))
    expect(shown()).toHaveLength(3)
  })

  it('says why a template is not available, and does not launch it', async () => {
    renderApp('/', server())
    expect(await screen.findByText('Not available: Install xfce4.')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Launch Lab' })).not.toBeInTheDocument()
  })

  it('launches, and goes on to the launch', async () => {
    const starting = desktop({ id: 9, name: 'Browser', state: 'pending' })
    const asked = server()
      .on('POST /api/v1/desktops', { status: 201, body: starting })
      .on('GET /api/v1/desktops/9', { body: starting })
      .on('GET /api/v1/desktops/9/log', { body: { lines: [] } })
    renderApp('/', asked)
    await userEvent.click(await screen.findByRole('button', { name: 'Launch Browser' }))
    expect(await screen.findByText('Waiting for its turn')).toBeVisible()
    const sent = asked.requests.find(({ method }) => method === 'POST')
    await expect(sent?.json()).resolves.toEqual({ template: 'browser', memory_mb: 2048, cpus: 2 })
  })

  it('launches with a size and a name of choice, those of the last time at first', async () => {
    const last = { at: '2026-03-01T10:00:00Z', memory_mb: 4096, cpus: 1 }
    const asked = server()
      .on('GET /api/v1/templates', { body: { items: [template({ last_launch: last })] } })
      .on('POST /api/v1/desktops', { status: 409, body: 'You have five, which is your limit.' })
    renderApp('/', asked)
    await userEvent.click(await screen.findByRole('button', { name: 'Options for Desktop' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Launch Desktop' }))
    expect(dialog.getByLabelText('Memory')).toHaveDisplayValue('4 GB')
    expect(dialog.getByLabelText('Processors')).toHaveDisplayValue('1 processor')
    await userEvent.type(dialog.getByLabelText('Name'), ' Thesis ')
    await userEvent.selectOptions(dialog.getByLabelText('Memory'), '8 GB')
    await userEvent.click(dialog.getByRole('button', { name: 'Launch' }))
    expect(await dialog.findByText('You have five, which is your limit.')).toBeVisible()
    const sent = asked.requests.find(({ method }) => method === 'POST')
    await expect(sent?.json()).resolves.toEqual({ template: 'desktop', name: 'Thesis', memory_mb: 8192, cpus: 1 })
  })

  it('marks favourites, and shows them on a shelf of their own', async () => {
    const asked = server().on('PUT /api/v1/templates/2/favourite', () => {
      asked.on('GET /api/v1/templates', {
        body: { items: templates.map((one) => ({ ...one, is_favourite: one.id === 2 })) },
      })
      return { status: 204 }
    })
    renderApp('/', asked)
    const star = await screen.findByRole('button', { name: 'Favourite: Browser' })
    expect(star).toHaveAttribute('aria-pressed', 'false')
    await userEvent.click(star)
    await userEvent.click(await screen.findByRole('radio', { name: 'Favourites' }))
    expect(shown()).toEqual(['Browser'])
    expect(screen.getByRole('button', { name: 'Favourite: Browser' })).toHaveAttribute('aria-pressed', 'true')
  })

  it('says why a launch was refused', async () => {
    renderApp('/', server().on('POST /api/v1/desktops', { status: 409, body: 'You have five, which is your limit.' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Launch Desktop' }))
    await waitFor(() => {
      expect(screen.getByText('You have five, which is your limit.')).toBeVisible()
    })
  })
})
