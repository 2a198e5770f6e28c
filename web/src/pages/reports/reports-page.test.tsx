import { cleanup, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ada, grace, joan, person } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { giveSizes } from '../../tests/give-sizes'
import { renderApp, serverOf } from '../../tests/render-app'
import { report, row } from '../../tests/reports'
import '../../components/activity/hours-chart'
import './reports-page'

beforeEach(giveSizes)

const hour = 3600
const some = report([row('ada', 3 * hour, { key: 1 }), row('bob', 2 * hour, { key: 2 })], {
  keys: 3,
  total_seconds: 6 * hour,
  rest: row('(the rest)', hour, { key: null }),
})

function serverOfReports(body: unknown = some, status = 200, user = grace): FakeServer {
  return serverOf(user)
    .on('GET /api/v1/about', { body: { name: 'Deskbay', version: '1', sign_up_open: true, time_zone: 'Europe/Berlin' } })
    .on('GET /api/v1/rooms', { body: { items: [] } })
    .on('GET /api/v1/devices', { body: { items: [], next_cursor: null, total: 0 } })
    .on('GET /api/v1/users', { body: { items: [], next_cursor: null, total: 0 } })
    .on('GET /api/v1/reports/hours', { status, body })
}

async function table() {
  const found = (await screen.findByText('Total')).closest('table')
  if (!found) throw new Error('The total is in no table.')
  return within(found)
}
const lines = async () => (await table()).getAllByRole('row').map(({ textContent }) => textContent).slice(1)

/** What was asked of the report itself: the newest request that is for so many rows. */
function asked(server: FakeServer, limit = 10): URLSearchParams {
  const requests = server.requests.map(({ url }) => new URL(url)).filter(({ pathname }) => pathname.endsWith('/reports/hours'))
  const newest = requests.findLast(({ searchParams }) => searchParams.get('limit') === String(limit))
  if (!newest) throw new Error('No report was asked for.')
  return newest.searchParams
}

describe('the address', () => {
  it('is the report: the server is asked for just what it says', async () => {
    const server = serverOfReports()
    const address = 'by=room&period=month&from=2025-01-01&to=2025-12-31&zone=Asia%2FKathmandu&user_id=7&limit=25&sort=label'
    renderApp(`/reports?${address}`, server)
    await table()
    const wanted = new URLSearchParams(address)
    wanted.delete('sort')
    expect(Object.fromEntries(asked(server, 25))).toEqual(Object.fromEntries(wanted))
    expect(screen.getByLabelText('Hours by')).toHaveValue('room')
    expect(screen.getByLabelText('From')).toHaveValue('2025-01-01')
    expect(screen.getByLabelText('Time zone', { selector: 'input' })).toHaveValue('Asia/Kathmandu')
  })

  it('without choices is the last 30 days of people in the zone of the server', async () => {
    const server = serverOfReports()
    renderApp('/reports', server)
    await table()
    expect(Object.fromEntries(asked(server))).toMatchObject({ by: 'user', zone: 'Europe/Berlin' })
    expect(screen.getByLabelText('When')).toHaveValue('Last 30 days')
  })

  it('changes with a choice, and the focus stays on what was chosen', async () => {
    const server = serverOfReports()
    renderApp('/reports?from=2026-03-02&to=2026-03-08', server)
    await table()
    await userEvent.selectOptions(screen.getByLabelText('Compare with'), 'The period before')
    expect(await screen.findByLabelText('Compared from')).toHaveValue('2026-02-23')
    await waitFor(() => {
      expect(Object.fromEntries(asked(server))).toMatchObject({ compare_from: '2026-02-23', compare_to: '2026-03-01' })
    })
    expect(screen.getByLabelText('Compare with')).toHaveFocus()
  })
})

describe('the numbers', () => {
  it('are all there: rows, the rest and the total, the zone and how they are counted', async () => {
    renderApp('/reports', serverOfReports())
    expect(await lines()).toEqual(['ada3.0050.0%', 'bob2.0033.3%', 'The rest (1)1.0016.7%', 'Total6.00100.0%'])
    expect(screen.getByText(/Days are those of Europe\/Berlin/)).toHaveTextContent('A person’s hours are a union')
    expect((await table()).getByRole('link', { name: 'ada' })).toHaveAttribute('href', '/people/1')
  })

  it('are sorted by a press on a head', async () => {
    renderApp('/reports', serverOfReports())
    await userEvent.click((await table()).getByRole('button', { name: 'Hours' }))
    expect((await lines()).slice(0, 2)).toEqual(['bob2.0033.3%', 'ada3.0050.0%'])
    expect((await table()).getByRole('columnheader', { name: 'Hours' })).toHaveAttribute('aria-sort', 'ascending')
  })

  it('may be none, which is told with a way on', async () => {
    const server = serverOfReports(report([]))
    renderApp('/reports?by=room&from=2020-01-01&to=2020-01-31&user_id=7', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Show the last 30 days of all' }))
    await waitFor(() => {
      expect(asked(server).has('user_id')).toBe(false)
    })
    expect(asked(server).get('by')).toBe('room')
  })

  it('that can not be had are told why', async () => {
    const server = serverOfReports('Ask for 1 to 3700 days.', 422)
    renderApp('/reports?from=1990-01-01&to=2026-01-01', server)
    expect(await screen.findByText('Ask for 1 to 3700 days.')).toBeVisible()
    server.on('GET /api/v1/reports/hours', { body: some })
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await table()
  })
})

describe('a report', () => {
  it.each([
    ['CSV', '/api/v1/reports/hours.csv', 'hours-by-user-2026-03-01-2026-03-04.csv'],
    ['JSON', '/api/v1/reports/hours', 'hours-by-user-2026-03-01-2026-03-04.json'],
  ])('is saved as %s, of the same question', async (name, path, file) => {
    const saved: string[] = []
    URL.createObjectURL = () => 'blob:report'
    URL.revokeObjectURL = () => undefined
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download)
    })
    const server = serverOfReports().on('GET /api/v1/reports/hours.csv', { body: 'user,hours' })
    renderApp('/reports?from=2026-03-01&to=2026-03-04', server)
    await table()
    const question = asked(server)
    await userEvent.click(screen.getByRole('button', { name }))
    await waitFor(() => {
      expect(saved).toEqual([file])
    })
    const last = new URL(server.requests.at(-1)?.url ?? '')
    expect([last.pathname, Object.fromEntries(last.searchParams)]).toEqual([path, Object.fromEntries(question)])
  })

  it('that can not be saved is told why', async () => {
    renderApp('/reports', serverOfReports().on('GET /api/v1/reports/hours.csv', { status: 503, body: 'Busy.' }))
    await table()
    await userEvent.click(screen.getByRole('button', { name: 'CSV' }))
    expect(await screen.findByText('The report could not be exported. Please try again.')).toBeVisible()
  })

  it('has a link to give away', async () => {
    const user = userEvent.setup()
    renderApp('/reports', serverOfReports())
    await user.click(await screen.findByRole('button', { name: 'Copy link' }))
    expect(await screen.findByText(/The link is copied/)).toBeVisible()
    await expect(navigator.clipboard.readText()).resolves.toBe(window.location.href)
  })

  it('is not there for people who are no administrators', async () => {
    renderApp('/reports', serverOf(ada))
    await screen.findByRole('heading', { name: 'There is no such page' })
  })
})

describe('for who looks after a group', () => {
  const team = { ...some, by: 'room', smallest_group: 5 }

  it('tells of rooms at first, and what is left out, and asks for nothing that they may not see', async () => {
    const server = serverOfReports(team, 200, joan)
    renderApp('/reports', server)
    await table()
    expect(asked(server).get('by')).toBe('room')
    expect(screen.getByText(/in whole weeks that are over: of fewer than 5 people nothing is told/)).toBeVisible()
    expect(screen.queryByRole('region', { name: 'Overview' })).not.toBeInTheDocument()
    expect(filters()).toEqual(['Person'])
    expect(within(screen.getByLabelText('Hours by')).queryByRole('option', { name: 'Person' })).not.toBeInTheDocument()
    expect(server.asked).not.toContain('GET /api/v1/devices')
  })

  it('is by rooms where an address asks for people, and by people where it is of one', async () => {
    const server = serverOfReports(team, 200, joan).on('GET /api/v1/users/1', { body: person() })
    renderApp('/reports?by=user', server)
    await table()
    expect(asked(server).get('by')).toBe('room')
    cleanup()
    renderApp('/reports?by=user&user_id=1', server.on('GET /api/v1/reports/hours', { body: some }))
    await table()
    expect(asked(server).get('by')).toBe('user')
    expect(within(screen.getByLabelText('Hours by')).getByRole('option', { name: 'Person' })).toBeInTheDocument()
  })

  it('is narrowed as they like where it is of one person', async () => {
    const server = serverOfReports(some, 200, joan).on('GET /api/v1/users/1', { body: person() })
    renderApp('/reports?user_id=1', server)
    await table()
    expect(screen.getByRole('region', { name: 'Overview' })).toBeVisible()
    expect(filters()).toEqual(['Person', 'Room', 'Event', 'Application'])
    expect(screen.queryByText(/nothing is told/)).not.toBeInTheDocument()
  })

  it('lets them take away what narrows it', async () => {
    renderApp('/reports?room_id=3', serverOfReports('A report on your people can’t be narrowed.', 422, joan))
    expect(await screen.findByText('A report on your people can’t be narrowed.')).toBeVisible()
    expect(filters()).toEqual(['Person', 'Room'])
  })
})

const filters = () =>
  ['Person', 'Device', 'Room', 'Event', 'Application'].filter((label) => screen.queryByLabelText(label, { selector: 'input' }))
