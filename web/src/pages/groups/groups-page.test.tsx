import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { grace } from '../../tests/examples'
import { group, groupDetails } from '../../tests/groups'
import { renderApp, serverOf, serverOfAda, serverOfNobody } from '../../tests/render-app'
import '../group/group-page'
import './groups-page'

const list = 'GET /api/v1/groups'
const listed = (...items: ReturnType<typeof group>[]) => ({ body: { items, next_cursor: null, total: items.length } })

describe('groups', () => {
  it('are for people who are signed in', async () => {
    renderApp('/groups', serverOfNobody())
    expect(await screen.findByRole('heading', { name: /Sign in/ })).toBeVisible()
  })

  it('teach what they are when there is none, and are made by an administrator', async () => {
    const server = serverOf(grace)
      .on('POST /api/v1/groups', { status: 201, body: groupDetails() })
      .on('GET /api/v1/groups/3', { body: groupDetails() })
      .on('GET /api/v1/groups/3/members', { body: { items: [], next_cursor: null, total: 0 } })
    renderApp('/groups', server)
    const first = await screen.findByRole('button', { name: 'Add the first group' })
    expect(screen.queryByRole('button', { name: 'Add a group' })).not.toBeInTheDocument()
    await userEvent.click(first)
    const dialog = within(await screen.findByRole('dialog', { name: 'Add a group' }))
    await userEvent.type(dialog.getByLabelText(/Name/), 'Class 7b')
    await userEvent.click(dialog.getByRole('button', { name: 'Add the group' }))
    expect(await screen.findByRole('heading', { name: 'Class 7b' })).toBeVisible()
    const sent: unknown = await server.requests.find(({ method }) => method === 'POST')?.json()
    expect(sent).toEqual({ name: 'Class 7b', description: '', tracking: 'off', window_titles: false })
  })

  it('tell how many people belong to them and what is tracked', async () => {
    renderApp('/groups', serverOf(grace).on(list, listed(group({ tracking: 'consent' }))))
    const row = within(await screen.findByRole('row', { name: /Class 7b/ }))
    expect(row.getByRole('link', { name: 'Class 7b' })).toHaveAttribute('href', '/groups/3')
    expect(row.getByText('28')).toBeVisible()
    expect(row.getByText('By consent')).toBeVisible()
  })

  it('are searched, and say when none is found', async () => {
    const server = serverOf(grace).on(list, ({ url }) =>
      new URL(url).searchParams.get('search') ? listed() : listed(group()),
    )
    renderApp('/groups', server)
    await screen.findByRole('link', { name: 'Class 7b' })
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search the groups' }), 'zoo')
    expect(await screen.findByText(/No group has all of these words/)).toBeVisible()
  })

  it('are looked after by others, who make none', async () => {
    renderApp('/groups', serverOfAda().on(list, listed(group())))
    expect(await screen.findByRole('link', { name: 'Class 7b' })).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Add a group' })).not.toBeInTheDocument()
  })

  it('that one looks after may be none', async () => {
    renderApp('/groups', serverOfAda())
    expect(await screen.findByText(/You look after no group/)).toBeVisible()
  })

  it('that could not be loaded can be asked for again', async () => {
    const server = serverOf(grace).on(list, { status: 500 })
    renderApp('/groups', server)
    await screen.findByText('The groups could not be loaded')
    server.on(list, listed(group()))
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await screen.findByRole('link', { name: 'Class 7b' })).toBeVisible()
  })
})
