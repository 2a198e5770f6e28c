import { fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter, Outlet, Route, Routes } from 'react-router'
import { describe, expect, it, vi } from 'vitest'
import type { Owner } from '../api/sign-ins'
import { grace, signIn } from '../tests/examples'
import { FakeServer } from '../tests/fake-server'
import { renderWithin } from '../tests/render-app'
import { SignInHistory } from './sign-in-history'

const request = 'GET /api/v1/sign-ins'
const page = (items: unknown[], next_cursor: number | null = null) => ({ body: { items, next_cursor, total: null } })

function show(of: Owner): void {
  renderWithin(
    <MemoryRouter>
      <Routes>
        <Route element={<Outlet context={grace} />}>
          <Route path="/" element={<SignInHistory of={of} />} />
        </Route>
      </Routes>
    </MemoryRouter>,
  )
}

const asked = (server: FakeServer) => server.requests.map(({ url }) => Object.fromEntries(new URL(url).searchParams))

async function cells(): Promise<(string | null)[][]> {
  const rows = within(await screen.findByRole('table')).getAllByRole('row')
  return rows.slice(1).map((row) => within(row).getAllByRole('cell').map(({ textContent }) => textContent))
}

describe('the history of a computer', () => {
  it('says who sat there from when until when, with a way to the person', async () => {
    const started_at = new Date(2026, 2, 1, 9, 5).toISOString()
    const server = new FakeServer().on(
      request,
      page([signIn({ started_at, ends_at: new Date(2026, 2, 1, 10, 40).toISOString() })]),
    )
    show({ device_id: 5 })
    expect(await cells()).toEqual([['Sun, 1 Mar 2026', '09:05', '10:40', '1 h 35 min', 'Ada Lovelace']])
    expect(screen.getByRole('link', { name: 'Ada Lovelace' })).toHaveAttribute('href', '/people/1')
    expect(asked(server)).toEqual([{ device_id: '5', limit: '50' }])
  })

  it('names the day on which a night ended', async () => {
    const started_at = new Date(2026, 2, 1, 23, 0).toISOString()
    new FakeServer().on(request, page([signIn({ started_at, ends_at: new Date(2026, 2, 2, 1, 0).toISOString() })]))
    show({ device_id: 5 })
    expect((await cells())[0]?.[2]).toBe('Mon, 2 Mar 2026, 01:00')
  })

  it('shows who is there now, and how long so far', async () => {
    const started_at = new Date(Date.now() - 600_000).toISOString()
    const ends_at = new Date(Date.now() + 60_000).toISOString()
    new FakeServer().on(request, page([signIn({ started_at, ends_at, online: true })]))
    show({ device_id: 5 })
    expect((await cells())[0]?.slice(2, 4)).toEqual(['On now', '10 min'])
  })

  it('goes on to older ones', async () => {
    const server = new FakeServer().on(request, ({ url }) =>
      new URL(url).searchParams.has('cursor')
        ? page([signIn({ id: 'b', full_name: null, username: 'bob' })])
        : page([signIn({ id: 'a' })], 40),
    )
    show({ device_id: 5 })
    await userEvent.click(await screen.findByRole('button', { name: 'Show older ones' }))
    await screen.findByRole('link', { name: 'bob' })
    expect(asked(server)[1]).toEqual({ device_id: '5', limit: '50', cursor: '40' })
    expect(screen.queryByRole('button', { name: 'Show older ones' })).not.toBeInTheDocument()
  })

  it('is narrowed to days, both included', async () => {
    const server = new FakeServer().on(request, ({ url }) => page(url.includes('since') ? [] : [signIn()]))
    show({ device_id: 5 })
    await cells()
    fireEvent.change(screen.getByLabelText('From'), { target: { value: '2026-03-01' } })
    await screen.findByText('There was no sign-in in these days.')
    fireEvent.change(screen.getByLabelText('To'), { target: { value: '2026-03-02' } })
    await screen.findByText('There was no sign-in in these days.')
    const [since, until] = [new Date(2026, 2, 1).toISOString(), new Date(2026, 2, 3).toISOString()]
    expect(asked(server).at(-1)).toEqual({ device_id: '5', limit: '50', since, until })
    await userEvent.click(screen.getByRole('button', { name: 'Show all days' }))
    await cells()
  })

  it('says so when nobody ever signed in', async () => {
    new FakeServer().on(request, page([]))
    show({ device_id: 5 })
    await screen.findByText(/Nobody has signed in here yet/)
  })

  it('can be asked for again when it could not be loaded', async () => {
    const server = new FakeServer().on(request, { status: 403, body: 'Only administrators may do this.' })
    show({ device_id: 5 })
    expect(await screen.findByRole('alert')).toHaveTextContent('Only administrators may do this.')
    server.on(request, page([signIn()]))
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await cells()
  })
})

it("shows a person's history with the computers and their rooms", async () => {
  const server = new FakeServer().on(request, page([signIn(), signIn({ id: 'b', room: null })]))
  show({ user_id: 1 })
  expect((await cells()).map((row) => row[4])).toEqual(['pc-05Lab 1', 'pc-05'])
  expect(screen.getAllByRole('link', { name: 'pc-05' })[0]).toHaveAttribute('href', '/devices/5')
  expect(asked(server)).toEqual([{ user_id: '1', limit: '50' }])
})

it('says when in two lines on a phone', async () => {
  vi.spyOn(window, 'matchMedia').mockReturnValue(Object.assign(window.matchMedia(''), { matches: true }))
  const started_at = new Date(2026, 2, 1, 9, 5).toISOString()
  new FakeServer().on(request, page([signIn({ started_at, ends_at: new Date(2026, 2, 1, 10, 40).toISOString() })]))
  show({ device_id: 5 })
  expect(await cells()).toEqual([['Sun, 1 Mar 2026 · 1 h 35 min09:05 – 10:40', 'Ada Lovelace']])
})
