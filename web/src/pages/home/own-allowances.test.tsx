import { screen, waitFor } from '@testing-library/react'
import { expect, it } from 'vitest'
import { desktop } from '../../tests/examples'
import { renderApp, serverOfAda } from '../../tests/render-app'

const budget = {
  group: null, is_shared: false, period: 'week', hours: 40, used_hours: 12.54, resets_at: '2026-03-09T00:00:00Z',
}
const mine = (different: object) => ({ body: { most_running: null, running: 0, budgets: [], ...different } })

it('tells what is left of hours and desktops', async () => {
  const server = serverOfAda()
    .on('GET /api/v1/desktops', { body: { items: [desktop()], next_cursor: null } })
    .on('GET /api/v1/allowances/mine', mine({ most_running: 2, budgets: [budget] }))
  renderApp('/', server)
  expect(await screen.findByText('12.5 h of 40 h')).toBeVisible()
  expect(screen.getByText('Your hours this week')).toBeVisible()
  expect(screen.getByText(/They start anew at/)).toHaveTextContent(/9 Mar 2026|8 Mar 2026/)
  expect(screen.getByText('1 of 2')).toBeVisible()
})

it('says when hours are used up, and whose they are', async () => {
  const shared = { ...budget, group: 'Class 7b', is_shared: true, used_hours: 40 }
  renderApp('/', serverOfAda().on('GET /api/v1/allowances/mine', mine({ budgets: [shared] })))
  expect(await screen.findByText('Hours of Class 7b together this week')).toBeVisible()
  expect(screen.getByText(/used up, and start anew/)).toBeVisible()
})

it('is not there where nothing has an end', async () => {
  const server = serverOfAda().on('GET /api/v1/allowances/mine', mine({}))
  renderApp('/', server)
  await waitFor(() => {
    expect(server.times('GET /api/v1/allowances/mine')).toBe(1)
  })
  expect(screen.queryByRole('region', { name: 'What you may have' })).not.toBeInTheDocument()
})
