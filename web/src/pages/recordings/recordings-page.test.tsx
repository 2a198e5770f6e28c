import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { grace, joan } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { recording } from '../../tests/recordings'
import { renderApp, serverOf, serverOfAda } from '../../tests/render-app'
import './recording-page'
import './recordings-page'

const withRecordings = (...items: ReturnType<typeof recording>[]): FakeServer =>
  serverOf(grace).on('GET /api/v1/recordings', { body: { items, next_cursor: null, kept_days: 30 } })

describe('recordings', () => {
  it('are for who reaches those of others', async () => {
    renderApp('/recordings', serverOfAda())
    expect(await screen.findByRole('heading', { name: 'There is no such page' })).toBeVisible()
  })

  it('are played, and not deleted, by who may only see them', async () => {
    const onlooker = { ...joan, rights: { ...joan.rights, 'recordings:read': 'group' as const } }
    const server = serverOf(onlooker)
      .on('GET /api/v1/recordings', { body: { items: [recording()], next_cursor: null, kept_days: 30 } })
    renderApp('/recordings', server)
    await userEvent.click(await screen.findByRole('button', { name: 'More for the recording of Exam' }))
    expect((await screen.findAllByRole('menuitem')).map(({ textContent }) => textContent)).toEqual(['Download'])
  })

  it('teach what they are when there is none', async () => {
    renderApp('/recordings', withRecordings())
    expect(await screen.findByRole('link', { name: 'To the templates' })).toBeVisible()
  })

  it('tell whose they are, how long, how large, and how they ended', async () => {
    const used = recording({ id: 13, viewer: { id: 2, username: 'grace' }, end: 'no-room' })
    const now = recording({ id: 14, ended_at: null, end: null })
    renderApp('/recordings', withRecordings(now, used, recording()))
    expect(await screen.findByText('Each is deleted 30 days after it ended.')).toBeVisible()
    const [, first, second, third] = screen.getAllByRole('row').map(({ textContent }) => textContent)
    expect(first).toMatch(/^Examada.* agogoes on81.9 kBRecording/)
    expect(second).toMatch(/^Examgrace at ada’s.* ago12:0581.9 kBEnded early: the disk is full/)
    expect(third).toMatch(/^Examada.* ago12:0581.9 kBWhole/)
  })

  it('come by pages', async () => {
    const server = serverOf(grace).on('GET /api/v1/recordings', ({ url }) => {
      const isSecond = new URL(url).searchParams.get('cursor') === '12'
      const items = [recording({ id: isSecond ? 11 : 12, desktop: { id: 7, name: isSecond ? 'Older' : 'Newer' } })]
      return { body: { items, next_cursor: isSecond ? null : 12, kept_days: null } }
    })
    renderApp('/recordings', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Older ones' }))
    expect(await screen.findByRole('link', { name: 'Older' })).toHaveAttribute('href', '/recordings/11')
    expect(screen.getByText('They are kept until somebody deletes them.')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Older ones' })).toBeNull()
  })

  it('are deleted, and downloaded', async () => {
    const server = withRecordings(recording()).on('DELETE /api/v1/recordings/12', { status: 204 })
    renderApp('/recordings', server)
    await userEvent.click(await screen.findByRole('button', { name: 'More for the recording of Exam' }))
    const link = screen.getByRole('menuitem', { name: 'Download' })
    expect(link).toHaveAttribute('href', '/api/v1/recordings/12/content?download=true')
    await userEvent.click(screen.getByRole('menuitem', { name: 'Delete…' }))
    const dialog = within(await screen.findByRole('dialog', { name: 'Delete the recording?' }))
    await userEvent.click(dialog.getByRole('button', { name: 'Delete for good' }))
    expect(await screen.findByText('The recording of Exam is deleted.')).toBeVisible()
    await waitFor(() => {
      expect(server.times('GET /api/v1/recordings')).toBe(2)
    })
  })

  it('are not deleted while they go on', async () => {
    renderApp('/recordings', withRecordings(recording({ ended_at: null, end: null })))
    await userEvent.click(await screen.findByRole('button', { name: 'More for the recording of Exam' }))
    expect(screen.getByRole('menuitem', { name: 'Delete…' })).toBeDisabled()
  })

  it('say when they could not be loaded', async () => {
    renderApp('/recordings', serverOf(grace).on('GET /api/v1/recordings', { status: 503, body: 'Try again.' }))
    expect(await screen.findByText('The recordings could not be loaded')).toBeVisible()
  })
})

describe('a recording', () => {
  const looks = [{ at: '2026-03-02T10:00:00Z', user: { id: 2, username: 'grace' } }]

  it('tells who was given it, and why it can not be played', async () => {
    const server = serverOf(grace)
      .on('GET /api/v1/recordings/12', { body: recording({ looks }) })
      .on('GET /api/v1/recordings/12/content', { status: 404, body: 'This recording has no file on this server.' })
    renderApp('/recordings/12', server)
    expect(await screen.findByText('This recording has no file on this server.')).toBeVisible()
    expect(within(screen.getByRole('list', { name: 'Who was given it' })).getByText(/grace,/)).toBeVisible()
    expect(server.times('GET /api/v1/recordings/12/content')).toBe(1)
  })

  it.each(['99', 'x'])('that is not there is not found, as %s', async (id) => {
    renderApp(`/recordings/${id}`, serverOf(grace).on('GET /api/v1/recordings/99', { status: 404 }))
    expect(await screen.findByRole('heading', { name: 'There is no such recording' })).toBeVisible()
  })
})
