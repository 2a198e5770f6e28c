import { act, screen, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { ada, device, grace, signIn } from '../../tests/examples'
import { FakeEventSource } from '../../tests/fake-event-source'
import { renderApp, serverOf } from '../../tests/render-app'

const history = { body: { items: [signIn()], next_cursor: null, total: null } }
const server = () => serverOf(grace).on('GET /api/v1/devices/5', { body: device() }).on('GET /api/v1/sign-ins', history)

const facts = () =>
  Array.from(document.querySelectorAll('dl > div'), (fact) => [...fact.children].map(({ textContent }) => textContent))

it('shows what a computer is, where it stands, and who sat there', async () => {
  renderApp('/devices/5', server())
  await screen.findByRole('heading', { name: 'pc-05', level: 1 })
  expect(screen.getByText('Free')).toBeVisible()
  expect(facts()).toEqual([
    ['Room', 'Lab 1row 1, column 5'],
    ['Last seen', 'Never'],
    ['Added', expect.stringMatching(/ago$/)],
    ['Token', 'Has one'],
  ])
  expect(screen.getByRole('link', { name: 'Lab 1' })).toHaveAttribute('href', '/rooms/3')
  expect(within(await screen.findByRole('table')).getByRole('link', { name: 'Ada Lovelace' })).toBeVisible()
})

it('shows one that stands nowhere, and what it was installed from', async () => {
  const nowhere = device({ room: null, row: null, column: null, template: 'Windows 11', has_token: false })
  renderApp('/devices/5', server().on('GET /api/v1/devices/5', { body: nowhere }))
  await screen.findByText('Windows 11')
  expect(facts()[0]).toEqual(['Room', 'None'])
  expect(facts().at(-1)).toEqual(['Token', 'None'])
})

it('leads to the person whose own it is', async () => {
  const own = device({ owner: { id: 7, username: 'ada' }, room: null, row: null, column: null })
  renderApp('/devices/5', server().on('GET /api/v1/devices/5', { body: own }))
  expect(await screen.findByRole('link', { name: 'ada' })).toHaveAttribute('href', '/people/7')
  expect(facts()[1]).toEqual(['Owner', 'ada'])
})

it('follows what happens at it', async () => {
  const known = server()
  renderApp('/devices/5', known)
  await screen.findByText('Free')
  known.on('GET /api/v1/devices/5', { body: device({ state: 'in-use' }) })
  known.on('GET /api/v1/sign-ins', { body: { items: [signIn({ full_name: 'Bob' })], next_cursor: null, total: null } })
  act(() => {
    FakeEventSource.last.send('occupancy', { items: [] })
  })
  await screen.findByText('In use')
  await screen.findByRole('link', { name: 'Bob' })
})

it.each([
  ['/devices/9', 404],
  ['/devices/nonsense', 422],
])('says of %s that there is none', async (path, status) => {
  const asked = `GET /api/v1${path.replace('nonsense', 'NaN')}`
  renderApp(path, serverOf(grace).on(asked, { status, body: 'No.' }))
  await screen.findByRole('heading', { name: 'There is no such device' })
  expect(screen.getByRole('link', { name: 'To the devices' })).toHaveAttribute('href', '/devices')
})

it('is for administrators', async () => {
  renderApp('/devices/5', serverOf(ada))
  await screen.findByRole('heading', { name: 'There is no such page' })
})
