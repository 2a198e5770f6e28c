import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { FakeEventSource } from '../../tests/fake-event-source'
import { renderApp, serverOfNobody } from '../../tests/render-app'
import { ownDevice, restore, serverOfSessions, session } from '../../tests/sessions'
import './sessions-page'

const card = async (name: string) => within(await screen.findByRole('article', { name }))
const sent = (server: ReturnType<typeof serverOfSessions>, method: string) =>
  server.requests.findLast((request) => request.method === method)

async function choose(name: string, item: string): Promise<void> {
  await userEvent.click((await card(name)).getByRole('button', { name: `More for ${name}` }))
  await userEvent.click(await screen.findByRole('menuitem', { name: item }))
}

describe('sessions', () => {
  it('teach what they are when there is none', async () => {
    renderApp('/sessions', serverOfSessions())
    await userEvent.click(await screen.findByRole('button', { name: 'Begin your first session' }))
    expect(await screen.findByRole('dialog', { name: 'New session' })).toBeVisible()
  })

  it('are for people who are signed in', async () => {
    renderApp('/sessions', serverOfNobody())
    expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeVisible()
  })

  it('tell device, applications, hours and whether one works in them', async () => {
    const server = serverOfSessions(session({ is_active: true }))
    renderApp('/sessions', server)
    const thesis = await card('Thesis')
    expect(thesis.getByText('Active, tracked')).toBeVisible()
    expect(thesis.getByText('laptop')).toBeVisible()
    expect(thesis.getByText('1 h 30 min used')).toBeVisible()
    const list = within(await thesis.findByRole('list', { name: 'Applications' }))
    expect(list.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(['Mousepad'])
    expect(server.times('GET /api/v1/sessions/12/applications')).toBe(0)
    expect(thesis.getByRole('link', { name: 'Thesis' })).toHaveAttribute('href', '/sessions/12')
  })

  it('follow the stream of events', async () => {
    renderApp('/sessions', serverOfSessions(session()))
    expect((await card('Thesis')).getByText('Not active')).toBeVisible()
    act(() => {
      FakeEventSource.last.send('session', session({ is_active: true, is_tracking: false }))
      FakeEventSource.last.send('session', session({ id: 13, name: 'Mail' }))
    })
    expect(await screen.findByText('Active')).toBeVisible()
    await card('Mail')
    act(() => {
      FakeEventSource.last.send('session-deleted', { id: 12 })
    })
    await waitFor(() => {
      expect(screen.queryByRole('article', { name: 'Thesis' })).not.toBeInTheDocument()
    })
  })

  it('are found by name and device; the slash key begins a search', async () => {
    renderApp('/sessions', serverOfSessions(session(), session({ id: 13, name: 'Mail', device: { id: 8, name: 'tower' } })))
    await card('Mail')
    await userEvent.keyboard('/tower')
    expect(screen.queryByRole('article', { name: 'Thesis' })).not.toBeInTheDocument()
    await userEvent.keyboard('zzz')
    expect(screen.getByText('No session has all of these words.')).toBeVisible()
  })

  it('begin without a name, on a device that is connected', async () => {
    const server = serverOfSessions()
      .on('GET /api/v1/devices/mine', { body: { items: [ownDevice({ id: 6, name: 'tower', connected: false }), ownDevice()] } })
      .on('POST /api/v1/sessions', { status: 201, body: session({ name: 'calm green river' }) })
    renderApp('/sessions', server)
    await userEvent.click(await screen.findByRole('button', { name: 'New session' }))
    await screen.findByRole('option', { name: 'tower — not connected' })
    expect(screen.getByRole('textbox', { name: /^Name/ })).toHaveFocus()
    await userEvent.click(screen.getByRole('button', { name: 'Begin' }))
    expect(await screen.findByText('calm green river has begun.')).toBeVisible()
    await expect(sent(server, 'POST')?.json()).resolves.toEqual({
      name: '', description: '', device_id: 7, activate: true, enable_tracking: true,
    })
    await card('calm green river')
  })

  it('need a computer first', async () => {
    renderApp('/sessions', serverOfSessions().on('GET /api/v1/devices/mine', { body: { items: [] } }))
    await userEvent.click(await screen.findByRole('button', { name: 'New session' }))
    expect(await screen.findByRole('link', { name: 'Pair a computer' })).toHaveAttribute('href', '/my-devices')
  })

  it('are saved while they are active', async () => {
    const server = serverOfSessions(session({ is_active: true })).on('POST /api/v1/sessions/12/save', {
      body: session({ is_active: true }),
    })
    renderApp('/sessions', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Save now: Thesis' }))
    expect(await screen.findByText('Thesis is saved.')).toBeVisible()
  })

  it.each([
    ['Save and end', true],
    ['End without its usage', false],
  ])('end: %s', async (item, save_usage) => {
    const server = serverOfSessions(session({ is_active: true })).on('POST /api/v1/sessions/12/deactivate', {
      body: session(),
    })
    renderApp('/sessions', server)
    await choose('Thesis', item)
    expect(await screen.findByText('Not active')).toBeVisible()
    await expect(sent(server, 'POST')?.json()).resolves.toEqual({ save_usage })
  })

  it('say why the server refuses', async () => {
    const server = serverOfSessions(session()).on('POST /api/v1/sessions/12/save', {
      status: 409,
      body: 'Nothing is known of what is open on this device.',
    })
    renderApp('/sessions', server)
    await choose('Thesis', 'Save what is open')
    expect(await screen.findByText('Nothing is known of what is open on this device.')).toBeVisible()
  })

  it('are renamed, and stay in the form when the name is taken', async () => {
    const server = serverOfSessions(session()).on('PATCH /api/v1/sessions/12', { status: 409, body: 'The name is taken.' })
    renderApp('/sessions', server)
    await choose('Thesis', 'Rename…')
    const name = await screen.findByRole('textbox', { name: /^Name/ })
    await userEvent.clear(name)
    await userEvent.type(name, 'Book{Enter}')
    expect(await screen.findByText('The name is taken.')).toBeVisible()
    server.on('PATCH /api/v1/sessions/12', { body: session({ name: 'Book' }) })
    await userEvent.type(name, '{Enter}')
    await card('Book')
  })

  it('are cloned', async () => {
    const server = serverOfSessions(session()).on('POST /api/v1/sessions/12/clone', {
      status: 201,
      body: session({ id: 14, name: 'Copy' }),
    })
    renderApp('/sessions', server)
    await choose('Thesis', 'Clone…')
    await userEvent.type(await screen.findByRole('textbox', { name: /^Name/ }), 'Copy{Enter}')
    await card('Copy')
    await expect(sent(server, 'POST')?.json()).resolves.toMatchObject({ name: 'Copy', device_id: 7, activate: false })
  })
})

describe('the trash', () => {
  const thrown = session({ deleted_at: '2026-03-02T10:00:00Z' })

  it('takes a session at once, and gives it back', async () => {
    const server = serverOfSessions(session())
      .on('DELETE /api/v1/sessions/12', { status: 204 })
      .on('POST /api/v1/sessions/12/undelete', { body: session() })
    renderApp('/sessions', server)
    await choose('Thesis', 'Move to the trash')
    expect(await screen.findByText(/Thesis is in the trash/)).toBeVisible()
    expect(screen.queryByRole('article', { name: 'Thesis' })).not.toBeInTheDocument()
    expect(new URL(sent(server, 'DELETE')?.url ?? '').searchParams.get('for_good')).toBe('false')
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }))
    await card('Thesis')
  })

  it('is shown on its own', async () => {
    renderApp('/sessions', serverOfSessions(thrown, session({ id: 13, name: 'Mail' })))
    await userEvent.click(await screen.findByRole('link', { name: 'Trash' }))
    expect((await card('Thesis')).getByText('In the trash')).toBeVisible()
    expect(screen.queryByRole('article', { name: 'Mail' })).not.toBeInTheDocument()
  })

  it('says when nothing is in it', async () => {
    renderApp('/sessions?trash', serverOfSessions())
    expect(await screen.findByText(/The trash is empty/)).toBeVisible()
  })

  it('deletes for good only for one who types the name', async () => {
    const server = serverOfSessions(thrown).on('DELETE /api/v1/sessions/12', { status: 204 })
    renderApp('/sessions?trash', server)
    await userEvent.click((await card('Thesis')).getByRole('button', { name: 'Delete Thesis for good' }))
    const field = await screen.findByLabelText('Type “Thesis” to delete it')
    await userEvent.type(field, 'thesis{Enter}')
    expect(server.times('DELETE /api/v1/sessions/12')).toBe(0)
    await userEvent.clear(field)
    await userEvent.type(field, 'Thesis{Enter}')
    expect(await screen.findByText('Thesis is deleted.')).toBeVisible()
    expect(new URL(sent(server, 'DELETE')?.url ?? '').searchParams.get('for_good')).toBe('true')
  })
})

describe('a restore', () => {
  const path = 'POST /api/v1/sessions/12/restore'
  const [waiting] = restore().applications
  if (!waiting) throw new Error('There is one application.')

  async function begin(server: ReturnType<typeof serverOfSessions>): Promise<HTMLElement> {
    server.on(path, { status: 202, body: restore() }).on(`GET /api/v1/restores/${restore().run}`, { body: restore() })
    renderApp('/sessions', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Restore Thesis' }))
    const dialog = await screen.findByRole('dialog', { name: 'Restore Thesis' })
    await userEvent.click(await within(dialog).findByRole('button', { name: 'Restore' }))
    return dialog
  }

  it('shows how far each application is, as it happens', async () => {
    const dialog = within(await begin(serverOfSessions(session())))
    expect(await dialog.findByText('Waiting for laptop to answer…')).toBeVisible()
    const told = (state: 'running' | 'finished', one: typeof waiting) => {
      act(() => {
        FakeEventSource.last.send('restore', restore({ state, applications: [one] }))
      })
    }
    told('running', { ...waiting, state: 'started' })
    expect(await dialog.findByText('Started')).toBeVisible()
    told('finished', { ...waiting, state: 'placed' })
    expect(await dialog.findByText('Placed')).toBeVisible()
    expect(dialog.getByRole('status')).toHaveTextContent('1 of 1 application back on laptop.')
  })

  it('says why an application did not come back, and what to do', async () => {
    const dialog = within(await begin(serverOfSessions(session())))
    await dialog.findByText('Waiting for laptop to answer…')
    const one = { ...waiting, state: 'not-found' as const, reason: 'There is no gimp here.', suggestion: 'Install gimp.' }
    act(() => {
      FakeEventSource.last.send('restore', restore({ state: 'finished', applications: [one] }))
    })
    expect(await dialog.findByText('There is no gimp here.')).toBeVisible()
    expect(dialog.getByText('Install gimp.')).toBeVisible()
    expect(dialog.getByText('Not found')).toBeVisible()
  })

  it('gives the focus back when it is not wished after all', async () => {
    renderApp('/sessions', serverOfSessions(session()))
    const button = await screen.findByRole('button', { name: 'Restore Thesis' })
    button.focus()
    await userEvent.keyboard('{Enter}')
    await screen.findByRole('dialog', { name: 'Restore Thesis' })
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }))
    await waitFor(() => {
      expect(button).toHaveFocus()
    })
  })

  it('goes to another device where the own one is away', async () => {
    const away = ownDevice({ connected: false })
    const tower = ownDevice({ id: 8, name: 'tower' })
    const server = serverOfSessions(session()).on('GET /api/v1/devices/mine', { body: { items: [away, tower] } })
    await begin(server)
    const { device_id } = (await sent(server, 'POST')?.json()) as { device_id: number }
    expect(device_id).toBe(8)
    expect(sent(server, 'POST')?.headers.get('idempotency-key')).toMatch(/^[0-9a-f]{32}$/)
  })

  it('says when the server refuses, and can be tried again', async () => {
    const server = serverOfSessions(session())
    renderApp('/sessions', server.on(path, { status: 409, body: 'Another restore runs there.' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Restore Thesis' }))
    const again = await screen.findByRole('button', { name: 'Restore' })
    await userEvent.click(again)
    expect(await screen.findByText('Another restore runs there.')).toBeVisible()
    expect(again).toBeEnabled()
  })
})

describe('a file', () => {
  const file = { format: 1, name: 'Poster', description: '', saves: [] }

  async function open(): Promise<HTMLInputElement> {
    await userEvent.click(await screen.findByRole('button', { name: 'Import' }))
    await screen.findByRole('dialog', { name: 'Import a session' })
    const input = document.querySelector<HTMLInputElement>('input[type=file]')
    if (!input) throw new Error('No file can be chosen.')
    return input
  }

  it('becomes a session', async () => {
    const server = serverOfSessions().on('POST /api/v1/sessions/import', {
      status: 201,
      body: session({ id: 15, name: 'Poster' }),
    })
    renderApp('/sessions', server)
    await userEvent.upload(await open(), new File([JSON.stringify(file)], 'poster.json', { type: 'application/json' }))
    expect(await screen.findByText('Poster, with 0 applications in its newest save.')).toBeVisible()
    const dialog = within(screen.getByRole('dialog'))
    await userEvent.click(dialog.getByRole('button', { name: 'Import' }))
    await card('Poster')
    await expect(sent(server, 'POST')?.json()).resolves.toEqual(file)
  })

  it('of something else is refused at once', async () => {
    const server = serverOfSessions()
    renderApp('/sessions', server)
    await userEvent.upload(await open(), new File(['[]'], 'other.json', { type: 'application/json' }))
    expect(await screen.findByText(/This is no file of a session/)).toBeVisible()
    expect(within(screen.getByRole('dialog')).getByRole('button', { name: 'Import' })).toBeDisabled()
  })
})
