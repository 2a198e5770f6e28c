import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { ada, desktop, grace, joan, person } from '../../tests/examples'
import { FakeEventSource } from '../../tests/fake-event-source'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOf, serverOfAda } from '../../tests/render-app'

const work = desktop({ id: 7 })
const rest = desktop({
  id: 8, name: 'Rest', owner: { id: 4, username: 'bob' }, state: 'stopped', wanted: 'stopped', reason: 'grace stopped it.',
})

const withDesktops = (...items: ReturnType<typeof desktop>[]) =>
  serverOf(grace).on('GET /api/v1/desktops', { body: { items, next_cursor: null } })

const shown = () =>
  screen.getAllByRole('rowheader').map((head) => within(head).getByRole('link').textContent)

async function choose(name: string, item: string): Promise<void> {
  await userEvent.click(await screen.findByRole('button', { name: `More for ${name}` }))
  await userEvent.click(await screen.findByRole('menuitem', { name: item }))
}

async function sent(server: FakeServer, method: string): Promise<unknown[]> {
  return Promise.all(server.requests.filter((one) => one.method === method).map((one) => one.json()))
}

describe('all desktops', () => {
  it('are for who reaches those of others', async () => {
    renderApp('/desktops', serverOfAda())
    expect(await screen.findByRole('heading', { name: 'There is no such page' })).toBeVisible()
  })

  it('are those of their people for who looks after a group', async () => {
    const server = serverOf(joan)
      .on('GET /api/v1/desktops', { body: { items: [rest], next_cursor: null } })
      .on('POST /api/v1/desktops/8/message', { body: rest })
    renderApp('/desktops', server)
    expect(await screen.findByRole('link', { name: 'Rest' })).toHaveAttribute('href', '/desktops/8')
    expect(screen.getByRole('checkbox', { name: 'Choose Rest of bob' })).toBeVisible()
    await choose('Rest of bob', 'Message…')
    await userEvent.type(await screen.findByRole('textbox', { name: 'Message' }), 'Come in.')
    await userEvent.click(screen.getByRole('button', { name: 'Send' }))
    await waitFor(async () => {
      expect(await sent(server, 'POST')).toEqual([{ text: 'Come in.' }])
    })
  })

  it('offer nothing to who may only see them but what happened', async () => {
    const onlooker = { ...ada, rights: { ...ada.rights, 'desktops:read': 'all' as const } }
    renderApp('/desktops', serverOf(onlooker).on('GET /api/v1/desktops', { body: { items: [rest], next_cursor: null } }))
    await userEvent.click(await screen.findByRole('button', { name: 'More for Rest of bob' }))
    expect((await screen.findAllByRole('menuitem')).map(({ textContent }) => textContent)).toEqual(['What happened'])
    expect(screen.queryByRole('checkbox')).not.toBeInTheDocument()
    expect(within(screen.getByRole('table')).queryByRole('link')).not.toBeInTheDocument()
  })

  it('offer what one may do to each where one sees more than one may change', async () => {
    const mine = desktop({ id: 9, name: 'Mine', owner: { id: 3, username: 'joan' } })
    const server = serverOf({ ...joan, rights: { ...joan.rights, 'desktops:read': 'all' } }).on(
      'GET /api/v1/desktops',
      ({ url }) => {
        const isNarrow = new URL(url).searchParams.get('changeable') === 'true'
        return { body: { items: isNarrow ? [mine, rest] : [mine, rest, work], next_cursor: null } }
      },
    )
    renderApp('/desktops', server)
    expect(await screen.findByRole('checkbox', { name: 'Choose Rest of bob' })).toBeVisible()
    expect(screen.getByRole('checkbox', { name: 'Choose Mine of joan' })).toBeVisible()
    expect(screen.queryByRole('checkbox', { name: 'Choose Work of ada' })).not.toBeInTheDocument()
    expect(screen.queryByRole('link', { name: 'Work' })).not.toBeInTheDocument()
    await userEvent.click(screen.getByRole('checkbox', { name: 'Choose all' }))
    expect(screen.getByText('2 chosen')).toBeVisible()
    expect(screen.getByRole('checkbox', { name: 'Choose all' })).toBeChecked()
    const asked = server.times('GET /api/v1/desktops')
    act(() => {
      FakeEventSource.last.send('desktop', desktop({ id: 10, name: 'New', owner: { id: 4, username: 'bob' } }))
    })
    await waitFor(() => {
      expect(server.times('GET /api/v1/desktops')).toBe(asked + 1)
    })
  })

  it('offer what is one’s own to who may change no other', async () => {
    const onlooker = { ...ada, rights: { ...ada.rights, 'desktops:read': 'all' as const } }
    renderApp('/desktops', serverOf(onlooker).on('GET /api/v1/desktops', { body: { items: [rest, work], next_cursor: null } }))
    expect(await screen.findByRole('checkbox', { name: 'Choose Work of ada' })).toBeVisible()
    expect(screen.queryByRole('checkbox', { name: 'Choose Rest of bob' })).not.toBeInTheDocument()
  })

  it('tell whose they are, how it is with them and why', async () => {
    const server = withDesktops(rest, work)
    renderApp('/desktops', server)
    const row = within(await screen.findByRole('row', { name: /Rest/ }))
    expect(row.getByRole('link', { name: 'bob' })).toHaveAttribute('href', '/people/4')
    expect(row.getByText('Stopped')).toBeVisible()
    expect(row.getByText('grace stopped it.')).toBeVisible()
    expect(screen.getByText('2 desktops · 1 active · 0 failed')).toBeVisible()
    expect(new URL(server.requests.at(-1)?.url ?? '').searchParams.get('all')).toBe('true')
  })

  it('are found by the filter of the address', async () => {
    renderApp('/desktops?filter=owner%3Abob', withDesktops(rest, work))
    await screen.findByRole('row', { name: /Rest/ })
    expect(shown()).toEqual(['Rest'])
    await userEvent.keyboard('/')
    await userEvent.keyboard(' status:running')
    expect(await screen.findByText('No desktop has all of these words.')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Show all' }))
    expect(await screen.findAllByRole('rowheader')).toHaveLength(2)
  })

  it('teach what they are when there is none', async () => {
    renderApp('/desktops', withDesktops())
    expect(await screen.findByText(/Nobody has a desktop yet/)).toBeVisible()
    expect(screen.getByRole('link', { name: 'See the templates' })).toBeVisible()
  })

  it('follow the stream of events', async () => {
    renderApp('/desktops', withDesktops(work))
    await screen.findByText('Running')
    act(() => {
      FakeEventSource.last.send('desktop', desktop({ id: 9, name: 'New' }))
      FakeEventSource.last.send('desktop', { ...work, state: 'failed', reason: 'The disk is full.' })
    })
    expect(await screen.findByText('The disk is full.')).toBeVisible()
    expect(shown()).toEqual(['New', 'Work'])
    act(() => {
      FakeEventSource.last.send('desktop-deleted', { id: 7 })
    })
    await waitFor(() => {
      expect(shown()).toEqual(['New'])
    })
  })

  it('do not move while they are pointed at', async () => {
    renderApp('/desktops', withDesktops(work))
    await userEvent.hover(await screen.findByRole('link', { name: 'Work' }))
    act(() => {
      FakeEventSource.last.send('desktop', desktop({ id: 9, name: 'New' }))
      FakeEventSource.last.send('desktop-deleted', { id: 7 })
    })
    expect(await screen.findByText('Deleted')).toBeVisible()
    expect(shown()).toEqual(['Work'])
    await userEvent.unhover(screen.getByRole('table'))
    await waitFor(() => {
      expect(shown()).toEqual(['New'])
    })
  })
})

describe('several desktops', () => {
  it('are stopped at once, each that runs, with a reason', async () => {
    const other = desktop({ id: 9, name: 'Lab' })
    const server = withDesktops(other, rest, work)
      .on('POST /api/v1/desktops/7/stop', { body: work })
      .on('POST /api/v1/desktops/9/stop', { status: 409, body: 'It is gone.' })
    renderApp('/desktops', server)
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Choose all' }))
    expect(screen.getByText('3 chosen')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Stop…' }))
    await userEvent.type(await screen.findByLabelText('Why, as its people are told'), 'The lab closes.')
    await userEvent.click(screen.getByRole('button', { name: 'Stop 2 desktops' }))
    expect(await screen.findByText('1 desktop is being stopped.')).toBeVisible()
    expect(screen.getByText('Not done to 1 of 2: It is gone.')).toBeVisible()
    expect(await sent(server, 'POST')).toEqual([{ reason: 'The lab closes.' }, { reason: 'The lab closes.' }])
  })

  it('are deleted only by one who types how many', async () => {
    const server = withDesktops(rest, work)
      .on('DELETE /api/v1/desktops/7', { status: 204 })
      .on('DELETE /api/v1/desktops/8', { status: 204 })
    renderApp('/desktops', server)
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Choose all' }))
    await userEvent.click(screen.getByRole('button', { name: 'Delete…' }))
    const field = await screen.findByLabelText('Type “2 desktops” to delete it')
    expect(screen.getByRole('button', { name: 'Delete for good' })).toBeDisabled()
    await userEvent.type(field, '2 desktops{Enter}')
    expect(await screen.findByText('2 desktops are deleted.')).toBeVisible()
    expect(server.times('DELETE /api/v1/desktops/8')).toBe(1)
  })

  it('get a message', async () => {
    const server = withDesktops(rest, work)
      .on('POST /api/v1/desktops/7/message', { body: work })
      .on('POST /api/v1/desktops/8/message', { body: rest })
    renderApp('/desktops', server)
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Choose all' }))
    await userEvent.click(screen.getByRole('button', { name: 'Message…' }))
    expect(screen.getByRole('button', { name: 'Send' })).toBeDisabled()
    await userEvent.type(await screen.findByLabelText('Message'), 'Save your work.{Enter}')
    expect(await screen.findByText('2 desktops have the message.')).toBeVisible()
    expect(await sent(server, 'POST')).toEqual([{ text: 'Save your work.' }, { text: 'Save your work.' }])
  })
})

describe('one desktop', () => {
  it('tells what happened', async () => {
    const items = [
      { id: 2, at: '2026-03-01T11:00:00Z', state: 'stopped', reason: 'grace stopped it.', actor: { id: 2, username: 'grace' } },
      { id: 1, at: '2026-03-01T10:00:00Z', state: 'pending', reason: null, actor: { id: 4, username: 'bob' } },
    ]
    const server = withDesktops(rest).on('GET /api/v1/desktops/8/history', { body: { items, next_cursor: null } })
    renderApp('/desktops', server)
    await choose('Rest of bob', 'What happened')
    const list = within(await screen.findByRole('list', { name: 'What happened, newest first' }))
    await waitFor(() => {
      expect(list.getAllByRole('listitem').map(({ textContent }) => textContent.replace(/\d+ .* ago$/, ''))).toEqual([
        'Stoppedgrace stopped it.',
        'Pendingby bob',
      ])
    })
  })

  it('runs for longer where it may', async () => {
    const until = { ends_at: '2999-03-01T12:00:00Z', latest_end: '2999-03-01T14:00:00Z' }
    const lab = desktop({ id: 9, name: 'Lab', owner: { id: 4, username: 'bob' }, ...until })
    const server = withDesktops(lab, work).on('POST /api/v1/desktops/9/extend', { body: { ...lab, ends_at: until.latest_end } })
    renderApp('/desktops', server)
    await choose('Lab of bob', 'Extend…')
    await userEvent.click(await screen.findByRole('button', { name: 'Extend' }))
    await waitFor(async () => {
      expect(await sent(server, 'POST')).toEqual([{ until: '2999-03-01T13:00:00.000Z' }])
    })
    await userEvent.click(screen.getByRole('button', { name: 'More for Work of ada' }))
    await screen.findByRole('menuitem', { name: 'Stop…' })
    expect(screen.queryByRole('menuitem', { name: 'Extend…' })).not.toBeInTheDocument()
  })

  it('is renamed', async () => {
    const server = withDesktops(rest).on('PATCH /api/v1/desktops/8', { body: { ...rest, name: 'Thesis' } })
    renderApp('/desktops', server)
    await choose('Rest of bob', 'Rename…')
    const field = await screen.findByRole('textbox', { name: /Name/ })
    await userEvent.clear(field)
    await userEvent.type(field, 'Thesis{Enter}')
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
    })
    expect(await sent(server, 'PATCH')).toEqual([{ name: 'Thesis' }])
  })

  it('is handed over to somebody who is searched for, once it is stopped', async () => {
    const server = withDesktops(rest, work)
      .on('GET /api/v1/users', { body: { items: [person({ id: 4, username: 'bob' }), person()], next_cursor: null } })
      .on('POST /api/v1/desktops/8/transfer', { status: 409, body: 'ada may have 5 desktops, and has as many.' })
    renderApp('/desktops', server)
    await choose('Rest of bob', 'Hand over…')
    expect(await screen.findByRole('option', { name: 'Ada Lovelace (ada)' })).toBeInTheDocument()
    expect(screen.queryByRole('option', { name: /bob/ })).not.toBeInTheDocument()
    await userEvent.click(screen.getByRole('button', { name: 'Hand over' }))
    expect(await screen.findByText('ada may have 5 desktops, and has as many.')).toBeVisible()
    expect(await sent(server, 'POST')).toEqual([{ user_id: 1 }])
  })
})
