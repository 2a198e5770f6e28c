import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { User } from '../../api/client'
import type { RoleOfGroup } from '../../api/roles'
import { ada, grace, joan, person } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { group, groupDetails, member } from '../../tests/groups'
import { renderApp, serverOf } from '../../tests/render-app'
import '../groups/groups-page'
import './group-page'

const members = [member(), member({ id: 2, username: 'bob', full_name: null, is_administrator: true })]

function serverOfGroup(user: User = grace, different: Parameters<typeof groupDetails>[0] = {}): FakeServer {
  return serverOf(user)
    .on('GET /api/v1/groups/3', { body: groupDetails(different) })
    .on('GET /api/v1/groups/3/members', { body: { items: members, next_cursor: null, total: 2 } })
    .on('POST /api/v1/groups/3/members', { status: 204 })
    .on('GET /api/v1/groups/3/roles', { body: { items: [] } })
}

const lastSent = (server: FakeServer, method: string) => server.requests.findLast((one) => one.method === method)?.json()

async function choose(name: string, item: string): Promise<void> {
  await userEvent.click(await screen.findByRole('button', { name: `More for ${name}` }))
  await userEvent.click(await screen.findByRole('menuitem', { name: item }))
}

describe('a group', () => {
  it('that is not there says so', async () => {
    renderApp('/groups/9', serverOf(grace).on('GET /api/v1/groups/9', { status: 404 }))
    expect(await screen.findByRole('heading', { name: 'There is no such group' })).toBeVisible()
  })

  it('tells where it lies and what lies in it', async () => {
    const around = [{ id: 1, name: 'School', slug: 'school' }]
    const nested = [{ id: 4, name: 'Readers', slug: 'readers' }]
    const server = serverOfGroup(grace, { around, nested }).on('DELETE /api/v1/groups/3/nested/4', { status: 204 })
    renderApp('/groups/3', server.on('PUT /api/v1/groups/3/nested/4', { status: 204 }))
    expect(await screen.findByRole('link', { name: 'School' })).toHaveAttribute('href', '/groups/1')
    await userEvent.click(screen.getByRole('button', { name: 'Take Readers out' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() => {
      expect(server.times('PUT /api/v1/groups/3/nested/4')).toBe(1)
    })
  })

  it('takes groups in, and tells why one can not lie in it', async () => {
    const server = serverOfGroup()
      .on('GET /api/v1/groups', { body: { items: [group({ id: 1, name: 'School' })], next_cursor: null, total: 1 } })
      .on('PUT /api/v1/groups/3/nested/1', { status: 409, body: '“Class 7b” lies in “School”.' })
    renderApp('/groups/3', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Lay groups into it' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Lay groups into Class 7b' }))
    await userEvent.click(await dialog.findByRole('checkbox', { name: 'School' }))
    await userEvent.click(dialog.getByRole('button', { name: 'Lay into it' }))
    expect(await dialog.findByRole('alert')).toHaveTextContent('“Class 7b” lies in “School”.')
  })

  it('gets people', async () => {
    const eve = person({ id: 4, username: 'eve', full_name: null })
    const server = serverOfGroup().on('GET /api/v1/groups/3/candidates', { body: { items: [eve], next_cursor: null, total: 1 } })
    renderApp('/groups/3', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Add people' }))
    await userEvent.click(await screen.findByRole('checkbox', { name: 'eve' }))
    await userEvent.click(screen.getByRole('button', { name: 'Add 1 person' }))
    expect(await screen.findByText('1 person is in Class 7b now.')).toBeVisible()
    await expect(lastSent(server, 'POST')).resolves.toEqual({ members: [{ user_id: 4, is_administrator: false }] })
  })

  it('lets people go, with a way back', async () => {
    const server = serverOfGroup().on('DELETE /api/v1/groups/3/members/2', { status: 204 })
    renderApp('/groups/3', server)
    await choose('bob', 'Take out of the group')
    expect(await screen.findByText(/bob is not in Class 7b any more/)).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }))
    await waitFor(() => {
      expect(server.times('POST /api/v1/groups/3/members')).toBe(1)
    })
    await expect(lastSent(server, 'POST')).resolves.toEqual({ members: [{ user_id: 2, is_administrator: true }] })
  })

  it('is looked after by whom an administrator chooses', async () => {
    const server = serverOfGroup()
    renderApp('/groups/3', server)
    await choose('Ada Lovelace', 'Have them look after it')
    expect(await screen.findByText(/Ada Lovelace looks after Class 7b/)).toBeVisible()
    await expect(lastSent(server, 'POST')).resolves.toEqual({ members: [{ user_id: 1, is_administrator: true }] })
  })

  it('says what may be tracked, kept at once and with a way back', async () => {
    const server = serverOfGroup().on('PUT /api/v1/groups/3', { body: groupDetails({ tracking: 'consent' }) })
    renderApp('/groups/3', server)
    expect(await screen.findByRole('radio', { name: /Off/ })).toBeChecked()
    expect(screen.getByRole('checkbox', { name: 'Keep titles of windows' })).toBeDisabled()
    await userEvent.click(screen.getByRole('radio', { name: /By consent/ }))
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() => {
      expect(server.times('PUT /api/v1/groups/3')).toBe(2)
    })
    const sent = await Promise.all(server.requests.filter(({ method }) => method === 'PUT').map((one) => one.json()))
    expect(sent).toMatchObject([{ tracking: 'consent' }, { tracking: 'off' }])
  })

  it('is called otherwise', async () => {
    const server = serverOfGroup().on('PUT /api/v1/groups/3', { body: groupDetails({ name: 'Class 8b' }) })
    renderApp('/groups/3', server)
    await choose('Class 7b', 'Edit…')
    const name = await screen.findByLabelText(/Name/)
    await userEvent.clear(name)
    await userEvent.type(name, 'Class 8b{Enter}')
    await waitFor(() => {
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument()
    })
    await expect(lastSent(server, 'PUT')).resolves.toMatchObject({ name: 'Class 8b', description: 'Room 204' })
  })

  it('is deleted once its name is typed', async () => {
    const server = serverOfGroup().on('DELETE /api/v1/groups/3', { status: 204 })
    renderApp('/groups/3', server)
    await choose('Class 7b', 'Delete…')
    await userEvent.type(await screen.findByLabelText(/Type “Class 7b”/), 'Class 7b{Enter}')
    expect(await screen.findByText('Class 7b is deleted.')).toBeVisible()
    expect(await screen.findByRole('heading', { name: 'Groups' })).toBeVisible()
  })

  it('shows who looks after it its people, and nothing else to change', async () => {
    renderApp('/groups/3', serverOfGroup(ada, { tracking: 'notice', window_titles: true }))
    expect(await screen.findByText('On, with notice')).toBeVisible()
    expect(screen.getByText(/with titles of windows/)).toBeVisible()
    expect(screen.queryByRole('radio')).not.toBeInTheDocument()
    expect(screen.queryByRole('button', { name: 'Lay groups into it' })).not.toBeInTheDocument()
    expect(screen.queryByRole('button', { name: 'More for Class 7b' })).not.toBeInTheDocument()
    await screen.findByText('Ada Lovelace')
    expect(screen.queryByRole('button', { name: 'More for bob' })).not.toBeInTheDocument()
    await userEvent.click(screen.getByRole('button', { name: 'More for Ada Lovelace' }))
    await screen.findByRole('menuitem', { name: 'Take out of the group' })
    expect(screen.queryByRole('menuitem', { name: 'Have them look after it' })).not.toBeInTheDocument()
  })
})

describe('roles of a group', () => {
  const lab = { id: 3, name: 'Class 7b', slug: 'class-7b' }
  const watch: RoleOfGroup = { id: 5, name: 'Watch', rights: { 'activity:read': 'all' }, group: lab }
  const desk: RoleOfGroup = { id: 4, name: 'Help desk', rights: {}, group: { id: 1, name: 'School', slug: 'school' } }
  const role = ({ id, name, rights }: RoleOfGroup) => ({ id, name, rights, description: '', people: [], groups: [] })

  function serverOfRoles(user: User = grace, items = [desk, watch]): FakeServer {
    return serverOfGroup(user)
      .on('GET /api/v1/groups/3/roles', { body: { items } })
      .on('GET /api/v1/roles', { body: { items: [{ ...role(watch), id: null, name: 'user' }, role(desk), role(watch)] } })
  }

  it('are shown, with those of groups in which it lies', async () => {
    renderApp('/groups/3', serverOfRoles(joan))
    const item = (await screen.findByText('Watch')).closest('li')
    expect(item).toHaveTextContent('Activity and reports: see everyone’s')
    expect(screen.getByText('Help desk').closest('li')).toHaveTextContent('by School')
    expect(screen.queryByRole('button', { name: /Take Watch|Give it a role/ })).not.toBeInTheDocument()
  })

  it('are given', async () => {
    const server = serverOfRoles().on('PUT /api/v1/roles/4/groups/3', { status: 204 })
    renderApp('/groups/3', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Give it a role' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Give Class 7b a role' }))
    await dialog.findByRole('option', { name: 'Help desk' })
    expect(dialog.getAllByRole('option').map(({ textContent }) => textContent)).toEqual(['–', 'Help desk'])
    await userEvent.selectOptions(dialog.getByLabelText('Role'), 'Help desk')
    await userEvent.click(dialog.getByRole('button', { name: 'Give it' }))
    expect(await screen.findByText('The people of Class 7b have the role from now on.')).toBeVisible()
    expect(server.times('PUT /api/v1/roles/4/groups/3')).toBe(1)
  })

  it('are not given by who lacks their rights, and that is said', async () => {
    const server = serverOfRoles().on('PUT /api/v1/roles/4/groups/3', { status: 403, body: 'You can’t give that.' })
    renderApp('/groups/3', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Give it a role' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Give Class 7b a role' }))
    await dialog.findByRole('option', { name: 'Help desk' })
    await userEvent.selectOptions(dialog.getByLabelText('Role'), 'Help desk')
    await userEvent.click(dialog.getByRole('button', { name: 'Give it' }))
    expect(await dialog.findByText('You can’t give that.')).toBeVisible()
  })

  it('are taken away, which can be undone', async () => {
    const server = serverOfRoles()
      .on('DELETE /api/v1/roles/5/groups/3', { status: 204 })
      .on('PUT /api/v1/roles/5/groups/3', { status: 204 })
    renderApp('/groups/3', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Take Watch from Class 7b' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() => {
      expect(server.times('PUT /api/v1/roles/5/groups/3')).toBe(1)
    })
    expect(screen.queryByRole('button', { name: 'Take Help desk from Class 7b' })).not.toBeInTheDocument()
  })
})
