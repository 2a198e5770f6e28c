import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Announcement } from '../../api/announcements'
import { grace } from '../../tests/examples'
import { FakeEventSource } from '../../tests/fake-event-source'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOf, serverOfAda, serverOfNobody } from '../../tests/render-app'
import { fieldOf, stateOf, timeOf } from './words'

const rest: Announcement = {
  id: 1, text: 'The servers rest on Sunday.', severity: 'warning', starts_at: '2026-01-05T09:00:00Z', ends_at: null,
  is_on_sign_in_page: true, groups: [],
}
const brief = { id: 1, text: rest.text, severity: rest.severity }

let server: FakeServer

beforeEach(() => {
  localStorage.clear()
  server = serverOf(grace).on('GET /api/v1/announcements/all', { body: { items: [rest] } })
})

describe('the page', () => {
  it('tells what is announced, when and to whom', async () => {
    renderApp('/announcements', server)
    const row = within(await screen.findByRole('row', { name: /The servers rest on Sunday/ }))
    expect(row.getByText('Warning')).toBeVisible()
    expect(row.getByText('Everyone')).toBeVisible()
    expect(row.getByText('Seen now')).toBeVisible()
  })

  it('announces something', async () => {
    server.on('POST /api/v1/announcements', { status: 201, body: rest }).on('GET /api/v1/announcements/all', { body: { items: [] } })
    renderApp('/announcements', server)
    const first = await screen.findByRole('button', { name: 'Write the first' })
    expect(screen.queryByRole('button', { name: 'Announce something' })).not.toBeInTheDocument()
    await userEvent.click(first)
    const dialog = within(await screen.findByRole('dialog', { name: 'Announce something' }))
    expect(dialog.getByRole('button', { name: 'Announce' })).toBeDisabled()
    await userEvent.type(dialog.getByLabelText('Text'), 'Room 5 is open.')
    await userEvent.selectOptions(dialog.getByLabelText('How loudly'), 'Critical')
    await userEvent.click(dialog.getByLabelText(/Also on the page on which people sign in/))
    await userEvent.click(dialog.getByRole('button', { name: 'Announce' }))
    expect(await screen.findByText('It is announced.')).toBeVisible()
    const sent = (await server.requests.find(({ method }) => method === 'POST')?.json()) as Record<string, unknown>
    expect(sent).toMatchObject({
      text: 'Room 5 is open.', severity: 'critical', ends_at: null, groups: [], is_on_sign_in_page: true,
    })
  })

  it('says why it could not be changed', async () => {
    server.on('PUT /api/v1/announcements/1', { status: 422, body: 'It ends before it begins.' })
    renderApp('/announcements', server)
    await userEvent.click(await screen.findByRole('button', { name: /More for “The servers/ }))
    await userEvent.click(screen.getByRole('menuitem', { name: 'Edit…' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Change the announcement' }))
    await userEvent.click(dialog.getByRole('button', { name: 'Announce' }))
    expect(await screen.findByText('It ends before it begins.')).toBeVisible()
  })

  it('takes one away', async () => {
    server.on('DELETE /api/v1/announcements/1', { status: 204 })
    renderApp('/announcements', server)
    await userEvent.click(await screen.findByRole('button', { name: /More for “The servers/ }))
    await userEvent.click(screen.getByRole('menuitem', { name: 'Take away' }))
    expect(await screen.findByText('The announcement is taken away.')).toBeVisible()
  })
})

describe('the bar', () => {
  it('is on every page, until it is put away or says something else', async () => {
    const hers = serverOfAda().on('GET /api/v1/announcements', { body: { items: [brief] } })
    renderApp('/', hers)
    const bar = within(await screen.findByRole('region', { name: 'Announcements' }))
    expect(await bar.findByText(rest.text)).toBeVisible()
    expect(bar.getByRole('img', { name: 'Warning' })).toBeVisible()
    await userEvent.click(bar.getByRole('button', { name: `Put away: ${rest.text}` }))
    expect(screen.queryByText(rest.text)).not.toBeInTheDocument()
    hers.on('GET /api/v1/announcements', { body: { items: [{ ...brief, text: 'On Monday, rather.' }] } })
    FakeEventSource.last.send('announcements', { id: 1 })
    expect(await screen.findByText('On Monday, rather.')).toBeVisible()
  })

  it('is text, whatever is written in it', async () => {
    const text = '<img src=x onerror="alert(1)"> & <b>more</b>'
    renderApp('/sign-in', serverOfNobody().on('GET /api/v1/announcements/public', { body: { items: [{ ...brief, text }] } }))
    expect(await screen.findByText(text)).toBeVisible()
    expect(document.querySelector('img, b')).toBeNull()
  })

  it('is where people sign in', async () => {
    renderApp('/sign-in', serverOfNobody().on('GET /api/v1/announcements/public', { body: { items: [brief] } }))
    await waitFor(() => {
      expect(screen.getByText(rest.text)).toBeVisible()
    })
  })
})

describe('words', () => {
  const at = (text: string) => Date.parse(text)

  it('tell whether it is seen', () => {
    expect(stateOf(rest, at('2026-01-05T08:00:00Z'))).toBe('To come')
    expect(stateOf(rest, at('2030-01-05T08:00:00Z'))).toBe('Seen now')
    expect(stateOf({ ...rest, ends_at: '2026-01-06T09:00:00Z' }, at('2026-01-06T09:00:00Z'))).toBe('Over')
  })

  it('bring times into fields and back', () => {
    expect(timeOf(fieldOf('2026-01-05T09:05:00.000Z'))).toBe('2026-01-05T09:05:00.000Z')
    expect([fieldOf(null), timeOf('')]).toEqual(['', null])
  })
})
