import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Report } from '../../api/activity'
import type { FakeServer } from '../../tests/fake-server'
import { giveSizes } from '../../tests/give-sizes'
import { renderApp, serverOfAda } from '../../tests/render-app'
import { report, row } from '../../tests/reports'
import '../../components/activity/hours-chart'
import './activity-page'

beforeEach(giveSizes)

const hour = 3600
const totals = { '2026-03-02': 2 * hour, '2026-03-03': 0, '2026-03-04': hour }
const byPerson = report([row('ada', 3 * hour)], { period: 'day', compared_total_seconds: hour, totals })
const byOther: Partial<Record<string, Report>> = {
  application: report([row('Writer', 2 * hour)]),
  event: report([row('lesson', hour)]),
  device: report([row('pc-1', 3 * hour)]),
}

function serverOfHours(whole: Report = byPerson): FakeServer {
  return serverOfAda()
    .on('GET /api/v1/reports/hours', ({ url }) => ({ body: byOther[new URL(url).searchParams.get('by') ?? ''] ?? whole }))
    .on('GET /api/v1/activity', { body: { items: [] } })
}

function asked(server: FakeServer): URLSearchParams[] {
  return server.requests.map(({ url }) => new URL(url)).filter(({ pathname }) => /reports|activity/.test(pathname)).map(({ searchParams }) => searchParams)
}

const heading = (name: string | RegExp) => screen.findByRole('heading', { name, level: 2 })
const week = '/activity?view=week&day=2026-03-04&zone=UTC'

describe('my activity', () => {
  it('asks for one’s own alone', async () => {
    const server = serverOfHours()
    renderApp(week, server)
    await screen.findByText('Writer')
    expect(asked(server).map((query) => query.get('user_id'))).toEqual(asked(server).map(() => '1'))
    expect(asked(server).every((query) => query.get('from') === '2026-03-02' && query.get('to') === '2026-03-08')).toBe(true)
  })

  it('tells the total, what it was before, and with what, for what and where', async () => {
    renderApp(week, serverOfHours())
    expect(await screen.findByText('▲ 2 h 0 min more than the week before')).toBeVisible()
    for (const name of ['Writer', 'lesson', 'pc-1']) expect(await screen.findByText(name)).toBeVisible()
    expect(screen.getByText(/Days are those of UTC/)).toBeVisible()
  })

  it('does not compare what is not over', async () => {
    renderApp('/activity?view=year&day=2999-03-04&zone=UTC', serverOfHours())
    expect(await screen.findByText('This year is not over')).toBeVisible()
  })

  it('has strips of seven days in a week', async () => {
    renderApp(week, serverOfHours())
    expect(await screen.findAllByText('Presence')).toHaveLength(7)
  })
})

describe('other days', () => {
  it('are reached by the arrow keys', async () => {
    const server = serverOfHours()
    renderApp(week, server)
    await heading(/2\s?–\s?8 Mar 2026/)
    await userEvent.keyboard('{ArrowLeft}')
    await heading(/23 Feb\s?–\s?1 Mar 2026/)
    await waitFor(() => {
      expect(asked(server).some((query) => query.get('from') === '2026-02-23')).toBe(true)
    })
    await userEvent.keyboard('{ArrowRight}{ArrowRight}')
    await heading(/9\s?–\s?15 Mar 2026/)
  })

  it('are reached by buttons, and by day, month and year', async () => {
    renderApp(week, serverOfHours())
    await userEvent.click(await screen.findByRole('button', { name: 'The week before' }))
    await heading(/23 Feb/)
    await userEvent.click(screen.getByRole('radio', { name: 'Month' }))
    await heading('February 2026')
    await userEvent.click(screen.getByRole('radio', { name: 'Day' }))
    await heading(/23 February 2026/)
  })

  it('are opened from the calendar, by the keyboard', async () => {
    renderApp('/activity?view=year&day=2026-03-04&zone=UTC', serverOfHours())
    const calendar = await screen.findByRole('grid')
    calendar.querySelector<HTMLElement>('[data-day="2026-03-04"]')?.focus()
    await userEvent.keyboard('{ArrowUp}')
    expect(document.activeElement).toHaveAccessibleName(/3 March 2026: 0 min/)
    await userEvent.keyboard('{ArrowUp}')
    expect(document.activeElement).toHaveAccessibleName(/2 March 2026: 2 h 0 min/)
    await userEvent.keyboard('{Enter}')
    await heading(/Monday,? 2 March 2026/)
  })
})

it('says the same in a table, zeros and all', async () => {
  renderApp('/activity?view=month&day=2026-03-04&zone=UTC', serverOfHours())
  await userEvent.click(await screen.findByText('Show as a table'))
  const days = await screen.findByRole('columnheader', { name: 'Day' })
  expect(days.closest('table')).toHaveTextContent(/2 Mar2 h 0 min2\.00.*3 Mar0 min0\.00.*4 Mar1 h 0 min1\.00/)
})

it('teaches where hours come from while there are none', async () => {
  renderApp(week, serverOfHours(report([], { period: 'day', compared_total_seconds: 0, totals: {} })))
  expect(await screen.findByText(/Nothing was recorded for these days/)).toBeVisible()
  await userEvent.click(screen.getByRole('button', { name: 'Show all of 2026' }))
  await heading('2026')
  await userEvent.click(screen.getByRole('button', { name: 'Show all of 2025' }))
  await heading('2025')
})

it('says what could not be loaded, beside what could', async () => {
  const server = serverOfHours().on('GET /api/v1/activity', { status: 503, body: 'The database does not answer.' })
  renderApp(week, server)
  expect(await screen.findByText('The database does not answer.')).toBeVisible()
  expect(await screen.findByText('Writer')).toBeVisible()
})
