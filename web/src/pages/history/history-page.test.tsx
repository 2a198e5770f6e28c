import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { auditEntry } from '../../tests/audit'
import { renderApp, serverOfAda } from '../../tests/render-app'

const stopped = auditEntry({
  actor: { kind: 'system', id: null, name: null },
  object: { kind: 'desktops', id: '3', name: 'amber-lake' },
  before: { wanted: 'running' },
  after: { wanted: 'stopped', reason: 'Nobody used it for an hour.' },
})
const entered = auditEntry({ id: 4, action: 'entered', object: stopped.object, before: null, after: null })

it('tells who stopped what and why, and who entered', async () => {
  const server = serverOfAda().on('GET /api/v1/history', { body: { items: [stopped, entered], next_cursor: null } })
  renderApp('/history', server)
  expect(await screen.findByRole('row', { name: /Deskbay changed desktop amber-lake reason Nobody used it/ })).toBeVisible()
  expect(screen.getByRole('row', { name: /grace entered desktop amber-lake/ })).toBeVisible()
  expect(screen.queryByRole('link', { name: 'grace' })).not.toBeInTheDocument()
})

it('goes on to older ones', async () => {
  const server = serverOfAda().on('GET /api/v1/history', ({ url }) => ({
    body: new URL(url).searchParams.has('cursor')
      ? { items: [entered], next_cursor: null }
      : { items: [stopped], next_cursor: 7 },
  }))
  renderApp('/history', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Show older ones' }))
  expect(await screen.findByRole('row', { name: /grace entered/ })).toBeVisible()
})

it('says what would be there, and where to say what is collected', async () => {
  renderApp('/history', serverOfAda().on('GET /api/v1/history', { body: { items: [], next_cursor: null } }))
  expect(await screen.findByText(/Nobody has done anything to or with things of yours/)).toBeVisible()
  const main = await screen.findByRole('main')
  expect(main.querySelector('a[href="/my-devices"]')).toHaveTextContent('My devices')
})
