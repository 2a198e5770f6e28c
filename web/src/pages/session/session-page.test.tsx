import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp } from '../../tests/render-app'
import { application, openWindow, program, restore, save, serverOfSessions, session, snapshot } from '../../tests/sessions'
import { tracking } from '../../tests/tracking'
import './session-page'

const older = save({ id: 30, saved_at: '2026-02-28T10:00:00Z', reason: 'deactivated' })

/** A server of one session with two saves; in the older one its window was elsewhere. */
function serverOfTwoSaves(): FakeServer {
  const moved = snapshot({ applications: [program({ windows: [openWindow({ x: 5, y: 6 })] })] })
  const changed = { key: 'mousepad-1', before_key: 'mousepad-1', application: 'mousepad', name: 'Mousepad', changes: ['windows'] }
  const came = { key: 'xterm-1', application: 'xterm', name: 'XTerm' }
  return serverOfSessions(session())
    .on('GET /api/v1/sessions/12/saves', { body: { items: [save(), older], next_cursor: null } })
    .on('GET /api/v1/sessions/12/saves/30', { body: { ...older, snapshot: moved } })
    .on('GET /api/v1/sessions/12/compare', { body: { came: [came], went: [], changed: [changed], same: 2 } })
}

describe('a session', () => {
  it('tells what is known of it, and shows its windows in their places', async () => {
    renderApp('/sessions/12', serverOfSessions(session()))
    await screen.findByRole('heading', { name: 'Thesis', level: 1 })
    const map = await screen.findByRole('img', { name: /1 window on 1 screen:/ })
    expect(map.querySelector('title')).toHaveTextContent('Mousepad · thesis.txt · in front, workspace 1')
    await userEvent.click(screen.getByText('Show as a table'))
    expect(await screen.findByRole('rowheader', { name: 'Mousepad' })).toBeVisible()
    expect(screen.getByText('640 × 480 at 100, 50 of screen 1')).toBeVisible()
  })

  it('counts how long each application was open and in front, apart and exactly', async () => {
    const used = application({
      open_seconds: 7200.5,
      foreground_seconds: 3600,
      open_periods: [{ started_at: '2026-03-01T08:00:00Z', ended_at: '2026-03-01T10:00:00.5Z' }],
    })
    const closed = application({ application: 'xterm', name: 'XTerm', is_open: false })
    const server = serverOfSessions(session()).on('GET /api/v1/sessions/12/applications', { body: { items: [used, closed] } })
    renderApp('/sessions/12', server)
    const [, first, second] = within(await screen.findByRole('table')).getAllByRole('row')
    expect(first).toHaveTextContent(/Mousepad.*Open.*2 h 0 min.*1 h 0 min/)
    expect(within(first as HTMLElement).getByTitle('7,200.5 seconds')).toBeVisible()
    expect(second).toHaveTextContent(/XTerm.*Closed.*0 min.*0 min.*Not counted/)
  })

  it('draws a day of usage, and says it in a table', async () => {
    const period = (from: string, to: string) => ({ started_at: `2026-03-01T${from}Z`, ended_at: `2026-03-01T${to}Z` })
    const used = application({
      open_periods: [period('08:00:00', '10:00:00')],
      foreground_periods: [period('08:30:00', '09:00:00')],
    })
    const server = serverOfSessions(session()).on('GET /api/v1/sessions/12/applications', { body: { items: [used] } })
    renderApp('/sessions/12', server)
    const strip = await screen.findByRole('img', { name: /What was used on Sunday, 1 March 2026/ })
    expect(strip.querySelectorAll('[title]')).toHaveLength(2)
    const [twin] = screen.getAllByText('Show as a table')
    await userEvent.click(twin as HTMLElement)
    expect(await screen.findByRole('row', { name: /Mousepad In front .* 30 min/ })).toBeVisible()
    expect(screen.getByRole('row', { name: /Mousepad Open .* 2 h 0 min/ })).toBeVisible()
  })

  it('says that nothing is counted, where that is so', async () => {
    renderApp('/sessions/12', serverOfSessions(session()))
    expect(await screen.findByRole('link', { name: /what is collected about you/ })).toHaveAttribute('href', '/my-devices#collected')
  })

  it('says nothing of it while usage is counted', async () => {
    const server = serverOfSessions(session()).on('GET /api/v1/tracking', { body: tracking({ consent: true, is_tracked: true }) })
    renderApp('/sessions/12', server)
    await screen.findByRole('img', { name: /window on/ })
    expect(screen.queryByText(/Usage is not counted/)).not.toBeInTheDocument()
  })

  it('teaches what a save is before the first', async () => {
    const server = serverOfSessions(session())
      .on('GET /api/v1/sessions/12/saves', { body: { items: [], next_cursor: null } })
      .on('POST /api/v1/sessions/12/save', { body: session() })
    renderApp('/sessions/12', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Save what is open now' }))
    expect(await screen.findByText('Thesis is saved.')).toBeVisible()
    expect(server.times('GET /api/v1/sessions/12/saves')).toBe(2)
  })

  it('shows a restore that began before the page was there', async () => {
    const server = serverOfSessions(session())
      .on('GET /api/v1/sessions/12/restores', { body: { items: [restore({ state: 'running' })], next_cursor: null } })
      .on(`GET /api/v1/restores/${restore().run}`, { body: restore({ state: 'running' }) })
    renderApp('/sessions/12', server)
    const part = within(await screen.findByRole('region', { name: 'Being restored' }))
    expect(part.getByText('Waiting')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Restore Thesis' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Restore Thesis' }))
    expect(await dialog.findByText('Restoring on laptop: 0 of 1 application so far…')).toBeVisible()
    expect(dialog.queryByRole('button', { name: 'Restore' })).not.toBeInTheDocument()
  })

  it('is not there under an address of nobody’s', async () => {
    renderApp('/sessions/9', serverOfSessions())
    expect(await screen.findByRole('heading', { name: 'There is no such session' })).toBeVisible()
  })

  it('in the trash is put back, and not restored', async () => {
    const thrown = session({ deleted_at: '2026-03-02T10:00:00Z' })
    const server = serverOfSessions(thrown).on('POST /api/v1/sessions/12/undelete', { body: session() })
    renderApp('/sessions/12', server)
    await screen.findByText('In the trash')
    expect(screen.queryByRole('button', { name: 'Restore Thesis' })).not.toBeInTheDocument()
    await userEvent.click(screen.getByRole('button', { name: 'Put back Thesis' }))
    expect(await screen.findByRole('button', { name: 'Restore Thesis' })).toBeVisible()
  })
})

describe('its saves', () => {
  it('are compared, the newest with the one before', async () => {
    const server = serverOfTwoSaves()
    renderApp('/sessions/12', server)
    const list = within(await screen.findByRole('list', { name: 'Differences' }))
    expect(list.getByText('Opened').closest('li')).toHaveTextContent('XTerm')
    expect(list.getByText('Changed').closest('li')).toHaveTextContent('moved to 100, 50')
    expect(list.getByText('2 applications the same')).toBeVisible()
    const asked = server.requests.map(({ url }) => new URL(url)).find(({ pathname }) => pathname.endsWith('/compare'))
    expect(asked?.search).toBe('?from=30&to=31')
  })

  it('are compared with those of another session', async () => {
    const other = session({ id: 13, name: 'Mail', device: { id: 8, name: 'tower' } })
    const server = serverOfSessions(session(), other)
      .on('GET /api/v1/sessions/13/saves', { body: { items: [save({ id: 44 })], next_cursor: null } })
      .on('GET /api/v1/sessions/13/saves/44', { body: { ...save({ id: 44 }), snapshot: snapshot() } })
      .on('GET /api/v1/sessions/12/compare', { body: { came: [], went: [], changed: [], same: 1 } })
    renderApp('/sessions/12', server)
    const from = within(await screen.findByRole('group', { name: 'From' }))
    expect(screen.getByText('Choose two saves that are not the same.')).toBeVisible()
    await userEvent.selectOptions(from.getByLabelText('Session'), 'Mail on tower')
    expect(await screen.findByText('1 application the same')).toBeVisible()
    const asked = server.requests.map(({ url }) => new URL(url)).find(({ pathname }) => pathname.endsWith('/compare'))
    expect(asked?.search).toBe('?from=44&to=31')
  })

  it('are shown one by one', async () => {
    renderApp('/sessions/12', serverOfTwoSaves())
    await screen.findByRole('heading', { name: 'Windows, as saved last' })
    await userEvent.click(await screen.findByRole('button', { name: /Show the save of 28 Feb/ }))
    await screen.findByRole('heading', { name: /Windows, as saved 28 Feb/ })
  })

  it('are gone back to, and that is undone', async () => {
    const server = serverOfTwoSaves()
      .on('POST /api/v1/sessions/12/saves/30/return', { body: session() })
      .on('POST /api/v1/sessions/12/saves/31/return', { body: session() })
    renderApp('/sessions/12', server)
    await userEvent.click(await screen.findByRole('button', { name: /Go back to the save of 28 Feb/ }))
    expect(await screen.findByText(/Thesis is as it was then/)).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }))
    await expect.poll(() => server.times('POST /api/v1/sessions/12/saves/31/return')).toBe(1)
  })

  it('are restored one by one', async () => {
    const server = serverOfTwoSaves().on('POST /api/v1/sessions/12/restore', { status: 409, body: 'Not now.' })
    renderApp('/sessions/12', server)
    await userEvent.click(await screen.findByRole('button', { name: /Restore the save of 28 Feb/ }))
    await userEvent.click(await screen.findByRole('button', { name: 'Restore' }))
    await screen.findByText('Not now.')
    const sent = server.requests.findLast(({ method }) => method === 'POST')
    await expect(sent?.json()).resolves.toEqual({ device_id: 7, save_id: 30 })
  })

  it('go on with older ones', async () => {
    const server = serverOfTwoSaves().on('GET /api/v1/sessions/12/saves', ({ url }) => {
      const isFirst = new URL(url).searchParams.get('cursor') === null
      return { body: isFirst ? { items: [save()], next_cursor: 31 } : { items: [older], next_cursor: null } }
    })
    renderApp('/sessions/12', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Show older saves' }))
    expect(await screen.findByText('When it ended')).toBeVisible()
  })
})
