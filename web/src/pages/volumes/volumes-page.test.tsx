import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { Volume } from '../../api/volumes'
import { both, desktop, grace, joan } from '../../tests/examples'
import { FakeEventSource } from '../../tests/fake-event-source'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOf, serverOfAda } from '../../tests/render-app'
import { templateDetails } from '../../tests/templates'

function volume(different: Partial<Volume> = {}): Volume {
  return {
    id: 3, uuid: '7c0f5f0e-3f6c-4f4b-8a30-0d9f0f6c0003', name: 'Thesis', owner: { id: 1, username: 'ada' },
    runtime: 'local', size_mb: 2048, used_mb: 512, measured_at: '2026-03-01T10:00:00Z', is_size_enforced: false,
    state: 'ready', reason: null, access: 'write', may_manage: true, is_shared: false,
    created_at: '2026-03-01T09:00:00Z', desktops: [],
    ...different,
  }
}

const use = { id: 7, name: 'Work', owner: { id: 1, username: 'ada' }, state: 'running', is_read_only: false }
const places = { items: [{ runtime: 'local', is_size_enforced: false }], free_mb: 4096 }

function holding(server: FakeServer, ...items: Volume[]): FakeServer {
  return server
    .on('GET /api/v1/volumes', { body: { items, next_cursor: null } })
    .on('GET /api/v1/volumes/places', { body: places })
    .on('GET /api/v1/groups', { body: { items: [{ id: 5, name: 'Course' }], next_cursor: null, total: 1 } })
    .on('GET /api/v1/desktops', { body: { items: [desktop(), desktop({ id: 8, name: 'Spare', state: 'stopped' })], next_cursor: null } })
}

const withVolumes = (...items: Volume[]) => holding(serverOfAda(), ...items)
const card = async (name: string) => within(await screen.findByRole('article', { name }))

async function choose(name: string, item: string): Promise<void> {
  await userEvent.click(await screen.findByRole('button', { name: `More for ${name}` }))
  await userEvent.click(await screen.findByRole('menuitem', { name: item }))
}

async function sent(server: FakeServer, method: string): Promise<unknown[]> {
  return Promise.all(server.requests.filter((one) => one.method === method).map((one) => one.json() as unknown))
}

describe('volumes', () => {
  it('show how full they are, whose, and who has them', async () => {
    const evas = volume({
      id: 4, name: 'Course', owner: { id: 9, username: 'eva' }, access: 'read', may_manage: false, used_mb: null,
      measured_at: null, is_shared: true,
    })
    renderApp('/volumes', withVolumes(volume({ desktops: [use] }), evas))
    const own = await card('Thesis')
    expect(own.getByText('512 MB of 2 GB')).toBeVisible()
    expect(own.getByText(/The size is not a limit: more can be written/)).toBeVisible()
    expect(own.getByRole('link', { name: 'Work' })).toHaveAttribute('href', '/desktops/7')
    const shared = await card('Course')
    expect(shared.getByText('eva’s, to read · on local')).toBeVisible()
    expect(shared.getByText('2 GB; how much is used is not known')).toBeVisible()
    expect(shared.queryByRole('button', { name: 'More for Course' })).not.toBeInTheDocument()
  })

  it('are made where there is room, and told what is left', async () => {
    const server = withVolumes().on('POST /api/v1/volumes', { status: 201, body: volume({ state: 'pending' }) })
    renderApp('/volumes', server)
    const first = await screen.findByRole('button', { name: 'Make the first volume' })
    expect(screen.queryByRole('button', { name: 'Make a volume' })).not.toBeInTheDocument()
    await userEvent.click(first)
    expect(await screen.findByText(/4 GB are left for your volumes/)).toBeVisible()
    await userEvent.type(screen.getByRole('textbox', { name: /^Name/ }), 'Thesis')
    const size = screen.getByRole('spinbutton', { name: /^Size/ })
    await userEvent.clear(size)
    await userEvent.type(size, '2')
    await userEvent.click(screen.getByRole('button', { name: 'Make it' }))
    expect(await screen.findByText('Thesis is being made.')).toBeVisible()
    expect(await sent(server, 'POST')).toEqual([{ name: 'Thesis', size_mb: 2048, runtime: 'local' }])
  })

  it('that failed say why, and are tried again', async () => {
    const server = withVolumes(volume({ state: 'failed', reason: 'The disk is full.' }))
    server.on('POST /api/v1/volumes/3/retry', { body: volume() })
    renderApp('/volumes', server)
    expect(await screen.findByText('The disk is full.')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Try again: Thesis' }))
    await waitFor(() => {
      expect(server.times('POST /api/v1/volumes/3/retry')).toBe(1)
    })
  })

  it('are attached, and say before and after that what runs is started again', async () => {
    const server = withVolumes(volume()).on('PUT /api/v1/volumes/3/desktops/7', { body: volume() })
    renderApp('/volumes', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Attach Thesis' }))
    expect(await screen.findByText(/Work runs: it is ended and started again with the volume/)).toBeVisible()
    expect(screen.getByRole('option', { name: 'Spare — Stopped' })).toBeInTheDocument()
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Desktop' }), '8')
    expect(screen.getByRole('button', { name: 'Attach' })).toBeVisible()
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Desktop' }), '7')
    await userEvent.click(screen.getByRole('checkbox', { name: 'To read only' }))
    await userEvent.click(screen.getByRole('button', { name: 'Attach and start again' }))
    expect(await screen.findByText('Work is started again with Thesis at /storage; all files stay.')).toBeVisible()
    expect(await sent(server, 'PUT')).toEqual([{ is_read_only: true }])
  })

  it('are detached, and say so before and after', async () => {
    const server = withVolumes(volume({ desktops: [use] })).on('DELETE /api/v1/volumes/3/desktops/7', { body: volume() })
    renderApp('/volumes', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Detach Thesis from Work' }))
    expect(await screen.findByText(/started again without the volume/)).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'Detach and start again' }))
    expect(await screen.findByText('Work is started again without Thesis; all files stay.')).toBeVisible()
  })

  it('are shared with people, groups and everyone', async () => {
    const shares = { everyone: null, users: [{ user: { id: 9, username: 'eva' }, access: 'read' }], groups: [] }
    const server = withVolumes(volume())
      .on('GET /api/v1/volumes/3/shares', { body: shares })
      .on('PUT /api/v1/volumes/3/shares', { body: shares })
    renderApp('/volumes', server)
    await choose('Thesis', 'Share…')
    await userEvent.selectOptions(await screen.findByLabelText('What eva may do'), 'write')
    await userEvent.type(screen.getByLabelText('Add a person'), 'bob{Enter}')
    await userEvent.selectOptions(await screen.findByLabelText('Add a group'), 'Course')
    await userEvent.selectOptions(screen.getByLabelText('Everyone'), 'read')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('Thesis is shared as you said.')).toBeVisible()
    expect(await sent(server, 'PUT')).toEqual([{
      everyone: 'read',
      users: [{ username: 'eva', access: 'write' }, { username: 'bob', access: 'read' }],
      groups: [{ group_id: 5, access: 'read' }],
    }])
  })

  it('are shared from where the form begins, also where it comes late', async () => {
    let answer: (shares: { body: unknown }) => void = () => undefined
    const shares = new Promise<{ body: unknown }>((resolve) => {
      answer = resolve
    })
    renderApp('/volumes', withVolumes(volume()).on('GET /api/v1/volumes/3/shares', () => shares))
    await choose('Thesis', 'Share…')
    await waitFor(() => {
      expect(screen.getByRole('button', { name: 'Close' })).toHaveFocus()
    })
    answer({ body: { everyone: null, users: [], groups: [] } })
    expect(await screen.findByLabelText('Everyone')).toHaveFocus()
  })

  it('grow, and say why they can not', async () => {
    const why = 'Your volumes may have 100 GiB in all: 0 MiB are left.'
    const server = withVolumes(volume()).on('PATCH /api/v1/volumes/3', { status: 409, body: why })
    renderApp('/volumes', server)
    await choose('Thesis', 'Grow or rename…')
    const size = await screen.findByRole('spinbutton', { name: /^Size/ })
    await userEvent.clear(size)
    await userEvent.type(size, '4')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText(why)).toBeVisible()
    expect(await sent(server, 'PATCH')).toEqual([{ name: 'Thesis', size_mb: 4096 }])
  })

  it('are not deleted while a desktop has them', async () => {
    const why = '1 desktop has “Thesis”. Detach it there first, then delete it.'
    renderApp('/volumes', withVolumes(volume()).on('DELETE /api/v1/volumes/3', { status: 409, body: why }))
    await choose('Thesis', 'Delete…')
    await userEvent.type(await screen.findByLabelText('Type “Thesis” to delete it'), 'Thesis{Enter}')
    expect(await screen.findByText(why)).toBeVisible()
  })

  it('are kept level by push', async () => {
    const server = withVolumes(volume({ state: 'pending' }))
    renderApp('/volumes', server)
    await screen.findByText('Being made')
    server.on('GET /api/v1/volumes', { body: { items: [volume()], next_cursor: null } })
    FakeEventSource.last.send('volume', { id: 3 })
    expect(await screen.findByText('Ready')).toBeVisible()
  })

  it('of their people are shown to who may, and none is given to templates', async () => {
    const overseer = { ...joan, rights: { ...joan.rights, ...both('group', 'volumes') } }
    renderApp('/volumes?all=1', holding(serverOf(overseer), volume()))
    expect(await screen.findByRole('checkbox', { name: 'Everyone’s' })).toBeChecked()
    await userEvent.click(await screen.findByRole('button', { name: 'More for Thesis' }))
    expect(await screen.findByRole('menuitem', { name: 'Share…' })).toBeVisible()
    expect(screen.queryByRole('menuitem', { name: 'Give to templates…' })).not.toBeInTheDocument()
  })

  it('of everyone are shown to administrators, who give them to templates', async () => {
    const server = holding(serverOf(grace), volume())
      .on('GET /api/v1/templates/all', { body: { items: [templateDetails(), templateDetails({ id: 2, name: 'Browser' })] } })
      .on('GET /api/v1/volumes/3/templates', { body: { template_ids: [1], is_read_only: true, path: '/shared/thesis' } })
      .on('PUT /api/v1/volumes/3/templates', { body: { template_ids: [2], is_read_only: true, path: '/shared/thesis' } })
    renderApp('/volumes', server)
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Everyone’s' }))
    await waitFor(() => {
      expect(server.requests.some(({ url }) => url.includes('all=true'))).toBe(true)
    })
    await choose('Thesis', 'Give to templates…')
    expect(await screen.findByText(/at \/shared\/thesis/)).toBeVisible()
    await userEvent.click(screen.getByRole('checkbox', { name: 'Desktop' }))
    await userEvent.click(screen.getByRole('checkbox', { name: 'Browser' }))
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(async () => {
      expect(await sent(server, 'PUT')).toEqual([{ template_ids: [2], is_read_only: true }])
    })
  })
})
