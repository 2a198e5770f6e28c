import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp } from '../../tests/render-app'
import { serverOfSessions, session } from '../../tests/sessions'

async function openOptions(server: FakeServer) {
  renderApp('/', server)
  await userEvent.click(await screen.findByRole('button', { name: 'Options for Desktop' }))
  return within(await screen.findByRole('dialog', { name: 'Launch Desktop' }))
}

it('launches a desktop in which a session comes back', async () => {
  const server = serverOfSessions(session(), session({ id: 13, name: 'Lesson' }))
  server.on('POST /api/v1/desktops', { status: 404, body: 'There is no session 13.' })
  const dialog = await openOptions(server)
  const choice = await dialog.findByLabelText('Restore a session')
  expect(choice).toHaveDisplayValue('None')
  await userEvent.selectOptions(choice, 'Lesson — 1 application, laptop')
  await userEvent.click(dialog.getByRole('button', { name: 'Launch' }))
  expect(await dialog.findByText('There is no session 13.')).toBeVisible()
  const sent = server.requests.find(({ method }) => method === 'POST')
  await expect(sent?.json()).resolves.toMatchObject({ template: 'desktop', session_id: 13 })
})

it('does not ask who has no sessions', async () => {
  const dialog = await openOptions(serverOfSessions())
  expect(await dialog.findByLabelText('Memory')).toBeVisible()
  expect(dialog.queryByLabelText('Restore a session')).not.toBeInTheDocument()
})
