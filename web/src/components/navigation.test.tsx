import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { ada, grace, joan } from '../tests/examples'
import { FakeEventSource } from '../tests/fake-event-source'
import { renderApp, serverOf, serverOfAda } from '../tests/render-app'

const row = async () => within(await screen.findByRole('navigation', { name: 'Pages' }))
const names = (links: HTMLElement[]) => links.map(({ textContent }) => textContent)

it('offers everyone their own pages, and marks the one that is shown', async () => {
  renderApp('/', serverOfAda())
  const links = (await row()).getAllByRole('link')
  expect(names(links)).toEqual(['Desktops', 'Sessions', 'Volumes', 'My activity', 'My devices'])
  expect(links.map((link) => link.getAttribute('aria-current'))).toEqual(['page', null, null, null, null])
})

it('offers administrators theirs, in a group of their own', async () => {
  renderApp('/on-now', serverOf(grace))
  await userEvent.click((await row()).getByRole('button', { name: 'Administration' }))
  expect(names(await screen.findAllByRole('menuitem'))).toEqual([
    'On now',
    'All desktops',
    'Templates',
    'Runtimes',
    'Allowances',
    'Rooms',
    'Devices',
    'People',
    'Groups',
    'Roles',
    'Tokens',
    'Recordings',
    'Reports',
    'Audit',
    'Announcements',
    'Settings',
  ])
  expect(screen.getByRole('menuitem', { name: 'On now' })).toHaveAttribute('aria-current', 'page')
})

it('offers who looks after a group no more than that leads to', async () => {
  renderApp('/', serverOf(joan))
  await userEvent.click((await row()).getByRole('button', { name: 'Administration' }))
  const offered = names(await screen.findAllByRole('menuitem'))
  expect(offered).toEqual(expect.arrayContaining(['On now', 'People', 'Groups', 'Reports']))
  expect(screen.queryByRole('menuitem', { name: 'Settings' })).not.toBeInTheDocument()
})

it('goes by rights, not by who is an administrator', async () => {
  renderApp('/', serverOf({ ...ada, rights: { ...ada.rights, 'server:read': 'all' } }))
  await userEvent.click((await row()).getByRole('button', { name: 'Administration' }))
  expect(names(await screen.findAllByRole('menuitem'))).toEqual(['Audit', 'Settings'])
})

it('keeps the page marked that a deeper address belongs to', async () => {
  renderApp('/rooms/7', serverOf(grace))
  await userEvent.click((await row()).getByRole('button', { name: 'Administration' }))
  expect(await screen.findByRole('menuitem', { name: 'Rooms' })).toHaveAttribute('aria-current', 'page')
  expect((await row()).getByRole('link', { name: 'Desktops' })).not.toHaveAttribute('aria-current')
})

it('opens as a menu by the keyboard, and closes when it has led somewhere', async () => {
  renderApp('/nowhere', serverOfAda())
  const button = await screen.findByRole('button', { name: 'Menu' })
  button.focus()
  await userEvent.keyboard('{Enter}')
  const dialog = within(await screen.findByRole('dialog', { name: 'Deskbay' }))
  await userEvent.click(dialog.getByRole('link', { name: 'Desktops' }))
  await screen.findByRole('heading', { name: 'Your desktops' })
  await waitFor(() => {
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
  })
})

it('gives the focus back to its button when it is closed', async () => {
  renderApp('/nowhere', serverOfAda())
  const button = await screen.findByRole('button', { name: 'Menu' })
  await userEvent.click(button)
  const dialog = within(await screen.findByRole('dialog', { name: 'Deskbay' }))
  await waitFor(() => {
    expect(dialog.getByRole('button', { name: 'Close the menu' })).toHaveFocus()
  })
  await userEvent.keyboard('{Escape}')
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
  expect(button).toHaveFocus()
})

it('leads nobody to pages that their rights don’t lead to', async () => {
  renderApp('/on-now', serverOf(ada))
  await screen.findByRole('heading', { name: 'There is no such page' })
})

it('follows when rights are given and taken', async () => {
  renderApp('/', serverOfAda())
  await row()
  expect(screen.queryByRole('button', { name: 'Administration' })).not.toBeInTheDocument()
  act(() => {
    FakeEventSource.last.send('rights', { rights: joan.rights })
  })
  expect(await screen.findByRole('button', { name: 'Administration' })).toBeVisible()
  act(() => {
    FakeEventSource.last.send('rights', { rights: ada.rights })
  })
  await waitFor(() => {
    expect(screen.queryByRole('button', { name: 'Administration' })).not.toBeInTheDocument()
  })
})

it('asks what rights there are where one turns out to be missing', async () => {
  const server = serverOf(grace).on('GET /api/v1/roles', () => {
    server.on('GET /api/v1/auth/me', { body: joan })
    return { status: 403, body: 'Your roles don’t have the right.', kind: 'right-missing' }
  })
  renderApp('/roles', server)
  expect(await screen.findByRole('heading', { name: 'There is no such page' })).toBeVisible()
  await userEvent.click((await row()).getByRole('button', { name: 'Administration' }))
  expect(names(await screen.findAllByRole('menuitem'))).not.toContain('Roles')
})

it('does not ask where something else is refused', async () => {
  const server = serverOf(grace).on('GET /api/v1/roles', { status: 403, body: 'Not now.', kind: 'proof-needed' })
  renderApp('/roles', server)
  await screen.findByText('Not now.')
  expect(server.times('GET /api/v1/auth/me')).toBe(1)
})
