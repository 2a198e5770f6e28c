import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import type { Person } from '../../api/people'
import { ada, grace, joan, person } from '../../tests/examples'
import { FakeEventSource } from '../../tests/fake-event-source'
import { renderApp, serverOf } from '../../tests/render-app'

const request = 'GET /api/v1/users'
const page = (items: Person[], next_cursor: number | null = null, total = items.length) => ({
  body: { items, next_cursor, total },
})
const server = () => serverOf(grace)
const asked = (requests: Request[]) =>
  requests.filter(({ url }) => url.includes('/users')).map(({ url }) => Object.fromEntries(new URL(url).searchParams))

async function rows(): Promise<(string | null)[][]> {
  const all = within(await screen.findByRole('table')).getAllByRole('row')
  return all.slice(1).map((row) => Array.from(row.children, ({ textContent }) => textContent))
}

it('lists people with where they are, or when they were seen last', async () => {
  const seat = { device_id: 5, device: 'pc-05', since: '2026-03-01T10:00:00Z' }
  const twoHoursAgo = new Date(Date.now() - 7_250_000).toISOString()
  renderApp(
    '/people',
    server().on(
      request,
      page([
        person({ seat }),
        person({ id: 2, username: 'bob', full_name: null, email: null, last_seen_at: twoHoursAgo }),
        person({ id: 3, username: 'grace', full_name: 'Grace Hopper', role: 'administrator' }),
      ]),
    ),
  )
  expect(await rows()).toEqual([
    ['Ada Lovelaceada', 'ada', 'ada@example.org', 'On nowpc-05'],
    ['bob', 'bob', '', '2 hours ago'],
    ['Grace HopperAdministratorgrace', 'grace', 'ada@example.org', 'Never'],
  ])
  expect(screen.getByRole('link', { name: 'Ada Lovelace' })).toHaveAttribute('href', '/people/1')
  expect(screen.getByRole('link', { name: 'pc-05' })).toHaveAttribute('href', '/devices/5')
})

it('finds people, and keeps the search in the address', async () => {
  const known = server().on(request, ({ url }) =>
    url.includes('search=zoe') ? page([]) : page([person({ full_name: 'Somebody' })]),
  )
  renderApp('/people?filter=ada', known)
  await rows()
  expect(asked(known.requests)[0]).toEqual({ search: 'ada', limit: '100' })
  await userEvent.clear(screen.getByRole('searchbox'))
  await userEvent.keyboard('zoe')
  await screen.findByText(/Nobody has all of these words/)
  await userEvent.click(screen.getByRole('button', { name: 'Show everyone' }))
  expect(await rows()).toHaveLength(1)
})

it('goes on page by page', async () => {
  const known = server().on(request, ({ url }) =>
    url.includes('cursor=40') ? page([person({ full_name: 'Zoe' })], null, 101) : page([person()], 40, 101),
  )
  renderApp('/people', known)
  await rows()
  await userEvent.click(screen.getByRole('link', { name: 'Next' }))
  await screen.findByRole('link', { name: 'Zoe' })
  await userEvent.click(screen.getByRole('link', { name: 'Previous' }))
  await screen.findByRole('link', { name: 'Ada Lovelace' })
})

it('follows those who come and go', async () => {
  const known = server().on(request, page([person()]))
  renderApp('/people', known)
  await rows()
  known.on(request, page([person({ seat: { device_id: 5, device: 'pc-05', since: '2026-03-01T10:00:00Z' } })]))
  act(() => {
    FakeEventSource.last.send('occupancy', { items: [] })
  })
  await waitFor(() => {
    expect(screen.getByText('On now', { selector: 'td *' })).toBeVisible()
  })
})

it('is for administrators', async () => {
  renderApp('/people', serverOf(ada))
  await screen.findByRole('heading', { name: 'There is no such page' })
})

it('can be asked for again when it could not be loaded', async () => {
  const known = server().on(request, { status: 503, body: 'The database does not answer.' })
  renderApp('/people', known)
  expect(await screen.findByRole('alert')).toHaveTextContent('The database does not answer.')
  known.on(request, page([person()]))
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  await rows()
})

it.each([
  ['who looks after a group by their people’s sign-ins', joan, '/api/v1/sign-ins/events'],
  ['who may not see them by nothing but their own', { ...ada, rights: { ...ada.rights, 'people:read': 'all' as const } }, '/api/v1/events'],
])('is kept level for %s', async (_, user, path) => {
  renderApp('/people', serverOf(user).on(request, page([person()])))
  expect(await rows()).toHaveLength(1)
  expect(FakeEventSource.opened.filter(({ isClosed }) => !isClosed).map((one) => one.path)).toEqual([path])
})

it('is fetched again when somebody whom they look after comes', async () => {
  const known = serverOf(joan).on(request, page([person()]))
  renderApp('/people', known)
  await rows()
  act(() => {
    FakeEventSource.last.send('sign-ins', { items: [] })
  })
  await waitFor(() => {
    expect(known.times(request)).toBe(2)
  })
})

it('names a computer without a way to it for who may not see computers', async () => {
  const seat = { device_id: 5, device: 'pc-05', since: '2026-03-01T10:00:00Z' }
  renderApp('/people', serverOf(joan).on(request, page([person({ seat })])))
  await rows()
  expect(screen.getByText('pc-05')).toBeVisible()
  expect(screen.queryByRole('link', { name: 'pc-05' })).not.toBeInTheDocument()
})
