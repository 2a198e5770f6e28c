import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOfNobody } from '../../tests/render-app'
import { recording } from '../../tests/recordings'
import { ownDevice, serverOfSessions } from '../../tests/sessions'
import { tracking } from '../../tests/tracking'
import './my-devices-page'

const card = async (name: string) => within(await screen.findByRole('article', { name }))
const lastSent = (server: FakeServer) => server.requests.findLast(({ method }) => method !== 'GET')?.json()

describe('my devices', () => {
  it('teach what a paired computer is good for when there is none', async () => {
    renderApp('/my-devices', serverOfSessions().on('GET /api/v1/devices/mine', { body: { items: [] } }))
    const first = await screen.findByRole('button', { name: 'Pair your first computer' })
    expect(screen.queryByRole('button', { name: 'Pair a computer' })).not.toBeInTheDocument()
    await userEvent.click(first)
    expect(await screen.findByRole('dialog', { name: 'Pair a computer' })).toBeVisible()
  })

  it('are for people who are signed in', async () => {
    renderApp('/my-devices', serverOfNobody())
    expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeVisible()
  })

  it.each([
    ['Connected', ownDevice(), 'Linux 6.1 x86_64'],
    ['Not connected', ownDevice({ connected: false, system: null, system_release: null, architecture: null }), 'A computer'],
    ['Revoked', ownDevice({ connected: false, has_token: false, revoked_at: '2026-03-02T10:00:00Z', template: 'desktop' }), 'Desktop of Deskbay, made from “desktop”'],
  ])('are %s', async (word, device, what) => {
    renderApp('/my-devices', serverOfSessions().on('GET /api/v1/devices/mine', { body: { items: [device] } }))
    const laptop = await card('laptop')
    expect(laptop.getByText(word)).toBeVisible()
    expect(laptop.getByText(what)).toBeVisible()
    expect(laptop.queryByRole('button', { name: 'Revoke laptop' }) !== null).toBe(device.has_token)
  })

  it('tell of recordings of one’s desktops, and who was given them', async () => {
    const looks = [{ at: '2026-03-02T10:00:00Z', user: { id: 2, username: 'grace' } }]
    const items = [recording({ looks }), recording({ id: 11, ended_at: null, viewer: { id: 2, username: 'grace' } })]
    const server = serverOfSessions().on('GET /api/v1/devices/mine', { body: { items: [] } })
    renderApp('/my-devices', server.on('GET /api/v1/recordings/own', { body: { items, next_cursor: null, kept_days: 30 } }))
    const told = within(await screen.findByRole('region', { name: 'Recordings of my desktops' }))
    expect(told.getByText(/Each recording is deleted 30 days after it ended/)).toBeVisible()
    expect(told.getByText(/^grace,/)).toBeVisible()
    expect(told.getByText(/goes on, while grace used it/)).toBeVisible()
  })

  it('are paired by a code, with the line to type', async () => {
    const server = serverOfSessions().on('POST /api/v1/devices/pairing-codes', {
      status: 201,
      body: { code: 'K7QF2-M9XTC', expires_at: '2026-03-01T10:15:00Z' },
    })
    renderApp('/my-devices', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Pair a computer' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Make a code' }))
    expect(await screen.findByLabelText('Type this in a terminal there')).toHaveValue(
      `deskbay agent pair ${window.location.origin} K7QF2-M9XTC --service`,
    )
    expect(screen.getByText(/Good for one computer, once, until 1 Mar 2026/)).toBeVisible()
  })

  it('are renamed, and stay in the form when the name is taken', async () => {
    const server = serverOfSessions().on('PATCH /api/v1/devices/mine/7', { status: 409, body: 'You have a tower already.' })
    renderApp('/my-devices', server)
    await userEvent.click((await card('laptop')).getByRole('button', { name: 'Rename laptop' }))
    const name = await screen.findByRole('textbox', { name: /^Name/ })
    await userEvent.clear(name)
    await userEvent.type(name, 'tower{Enter}')
    expect(await screen.findByText('You have a tower already.')).toBeVisible()
    server
      .on('PATCH /api/v1/devices/mine/7', { body: ownDevice({ name: 'tower' }) })
      .on('GET /api/v1/devices/mine', { body: { items: [ownDevice({ name: 'tower' })] } })
    await userEvent.type(name, '{Enter}')
    await card('tower')
  })

  it('are revoked after a question', async () => {
    const server = serverOfSessions().on('DELETE /api/v1/devices/mine/7/token', { status: 204 })
    renderApp('/my-devices', server)
    await userEvent.click((await card('laptop')).getByRole('button', { name: 'Revoke laptop' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Revoke' }))
    expect(await screen.findByText('laptop is revoked.')).toBeVisible()
  })
})

describe('what is collected', () => {
  const given = tracking({ consent: true, is_tracked: true, excluded_applications: ['keepassxc'] })
  const put = 'PUT /api/v1/tracking'

  it('waits for consent', async () => {
    const server = serverOfSessions().on(put, { body: given })
    renderApp('/my-devices', server)
    expect(await screen.findByText('Nothing is collected')).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: 'I consent' }))
    expect(await screen.findByText('Collecting')).toBeVisible()
    await expect(lastSent(server)).resolves.toEqual({ consent: true, excluded_applications: [], paused_until: null })
    expect(screen.getByRole('button', { name: 'Take my consent back' })).toBeVisible()
  })

  it('is paused, and goes on', async () => {
    const paused = { ...given, is_tracked: false, paused_until: '2026-03-01T11:00:00Z' }
    const server = serverOfSessions().on('GET /api/v1/tracking', { body: given }).on(put, { body: paused })
    renderApp('/my-devices', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Pause for an hour' }))
    expect(await screen.findByText('Paused')).toBeVisible()
    const { paused_until } = (await lastSent(server)) as { paused_until: string }
    expect(Date.parse(paused_until) - Date.now()).toBeGreaterThan(3_000_000)
    server.on(put, { body: given })
    await userEvent.click(screen.getByRole('button', { name: 'Go on now' }))
    expect(await screen.findByText('Collecting')).toBeVisible()
    await expect(lastSent(server)).resolves.toMatchObject({ consent: true, paused_until: null })
  })

  it('leaves applications out', async () => {
    const server = serverOfSessions().on('GET /api/v1/tracking', { body: given }).on(put, { body: given })
    renderApp('/my-devices', server)
    await userEvent.type(await screen.findByLabelText('Leave an application out'), ' GIMP {Enter}')
    await expect.poll(() => server.times(put)).toBe(1)
    await expect(lastSent(server)).resolves.toMatchObject({ excluded_applications: ['keepassxc', 'gimp'] })
    await userEvent.click(screen.getByRole('button', { name: 'Don’t leave keepassxc out any more' }))
    await expect.poll(() => server.times(put)).toBe(2)
    await expect(lastSent(server)).resolves.toMatchObject({ excluded_applications: [] })
  })

  it('is nothing where the server’s policy is so, and can be erased all the same', async () => {
    const server = serverOfSessions()
      .on('GET /api/v1/tracking', { body: tracking({ policy: 'off' }) })
      .on('DELETE /api/v1/tracking', { status: 204 })
    renderApp('/my-devices', server)
    expect(await screen.findByText(/This server collects nothing/)).toBeVisible()
    expect(screen.queryByRole('button', { name: 'I consent' })).not.toBeInTheDocument()
    await userEvent.click(screen.getByRole('button', { name: 'Erase…' }))
    const erase = await screen.findByRole('button', { name: 'Delete for good' })
    expect(erase).toBeDisabled()
    await userEvent.type(screen.getByLabelText(/Type “ada”/), 'ada{Enter}')
    expect(await screen.findByText('What was collected about you is erased.')).toBeVisible()
  })

  it('tells how long each kind is kept', async () => {
    const kept = { ...tracking().kept_for, activity_days: 365, totals_years: 1, save_days: 90, audit_days: 400 }
    renderApp('/my-devices', serverOfSessions().on('GET /api/v1/tracking', { body: tracking({ kept_for: kept }) }))
    const told = within(await screen.findByRole('region', { name: 'How long it is kept' }))
    const facts = told.getAllByRole('term').map((term) => [term.textContent, term.nextSibling?.textContent])
    expect(facts).toEqual([
      ['What I did, and where I sat', '365 days'],
      ['My hours by day, month and year', '1 year'],
      ['Saves of my sessions', '90 days, the newest of each longer'],
      ['Histories of my desktops and restores', 'Until I erase it'],
      ['Recordings of my desktops', '30 days'],
      ['Where I was signed in', '90 days'],
      ['The audit: who did what', '400 days'],
    ])
  })

  it('says so where it is kept until it is erased', async () => {
    const kept = { ...tracking().kept_for, login_days: null, recording_days: null }
    renderApp('/my-devices', serverOfSessions().on('GET /api/v1/tracking', { body: tracking({ kept_for: kept }) }))
    const told = within(await screen.findByRole('region', { name: 'How long it is kept' }))
    expect(told.getAllByText('Until I erase it')).toHaveLength(6)
    expect(told.getByText('For good')).toBeVisible()
  })

  it('names the groups that say so', async () => {
    const given = tracking({ policy: 'off', groups: ['Class 7b', 'School'] })
    renderApp('/my-devices', serverOfSessions().on('GET /api/v1/tracking', { body: given }))
    expect(await screen.findByText(/For Class 7b and School Deskbay collects nothing/)).toBeVisible()
  })

  it('needs no consent where the policy is to tell', async () => {
    renderApp('/my-devices', serverOfSessions().on('GET /api/v1/tracking', { body: tracking({ policy: 'notice', is_tracked: true }) }))
    expect(await screen.findByText(/This server collects which applications/)).toBeVisible()
    expect(screen.queryByRole('button', { name: 'I consent' })).not.toBeInTheDocument()
  })
})
