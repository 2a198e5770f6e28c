import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import '../../pages/sessions/sessions-page'
import { grace, person } from '../../tests/examples'
import { group } from '../../tests/groups'
import { renderApp } from '../../tests/render-app'
import { serverOfSessions, session } from '../../tests/sessions'
import { speak } from '../../words/languages'

const sent = (server: ReturnType<typeof serverOfSessions>) => server.requests.findLast(({ method }) => method === 'POST')

async function choose(item: string): Promise<void> {
  await userEvent.click(await screen.findByRole('button', { name: 'More for Thesis' }))
  await userEvent.click(await screen.findByRole('menuitem', { name: item }))
}

afterEach(() => {
  void speak('en')
})

describe('copies', () => {
  const bob = person({ id: 3, username: 'bob', full_name: 'Bob Ross' })
  const eve = person({ id: 4, username: 'eve', full_name: null })

  it('are not for everybody to hand out', async () => {
    renderApp('/sessions', serverOfSessions(session()))
    await userEvent.click(await screen.findByRole('button', { name: 'More for Thesis' }))
    await screen.findByRole('menuitem', { name: 'Clone…' })
    expect(screen.queryByRole('menuitem', { name: 'Hand out copies…' })).not.toBeInTheDocument()
  })

  it('are handed out to the people and groups whom an administrator chooses', async () => {
    const server = serverOfSessions(session())
      .on('GET /api/v1/auth/me', { body: grace })
      .on('GET /api/v1/users', { body: { items: [bob, eve], next_cursor: null } })
      .on('GET /api/v1/groups', { body: { items: [group()], next_cursor: null, total: 1 } })
      .on('POST /api/v1/sessions/12/copies', { status: 201, body: { items: [session({ id: 20 })], next_cursor: null } })
    renderApp('/sessions', server)
    await choose('Hand out copies…')
    const dialog = within(await screen.findByRole('dialog', { name: 'Hand out Thesis' }))
    expect(dialog.getByRole('button', { name: 'Hand out' })).toBeDisabled()
    await userEvent.click(await dialog.findByRole('checkbox', { name: 'Bob Ross (bob)' }))
    const name = dialog.getByLabelText('Name of the copies')
    await userEvent.clear(name)
    await userEvent.type(name, 'Lesson 1')
    await userEvent.click(await dialog.findByRole('checkbox', { name: 'Class 7b' }))
    await userEvent.click(dialog.getByRole('button', { name: 'Hand out to 1 group and 1 person' }))
    expect(await screen.findByText('1 person got a copy of Thesis.')).toBeVisible()
    await expect(sent(server)?.json()).resolves.toEqual({ name: 'Lesson 1', group_ids: [3], user_ids: [3] })
  })

  it('are handed out in the words of the language', async () => {
    const server = serverOfSessions(session())
      .on('GET /api/v1/auth/me', { body: { ...grace, language: 'de' } })
      .on('GET /api/v1/users', { body: { items: [bob], next_cursor: null } })
    renderApp('/sessions', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Mehr zu Thesis' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Kopien austeilen…' }))
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Bob Ross (bob)' }))
    expect(screen.getByRole('button', { name: 'An 1 Person austeilen' })).toBeEnabled()
  })

  it('go to all who were found, and to whom was taken away again they do not', async () => {
    const server = serverOfSessions(session())
      .on('GET /api/v1/auth/me', { body: grace })
      .on('GET /api/v1/users', { body: { items: [bob, eve], next_cursor: null } })
      .on('POST /api/v1/sessions/12/copies', { status: 409, body: 'There are too many.' })
    renderApp('/sessions', server)
    await choose('Hand out copies…')
    await userEvent.click(await screen.findByRole('button', { name: 'Choose these 2' }))
    await userEvent.click(screen.getByRole('checkbox', { name: 'Bob Ross (bob)' }))
    await userEvent.click(screen.getByRole('button', { name: 'Hand out to 1 person' }))
    expect(await screen.findByText('There are too many.')).toBeVisible()
    await expect(sent(server)?.json()).resolves.toEqual({ name: 'Thesis', group_ids: [], user_ids: [4] })
  })
})
