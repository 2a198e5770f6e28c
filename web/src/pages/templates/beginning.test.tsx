import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { grace } from '../../tests/examples'
import { renderApp, serverOf } from '../../tests/render-app'
import { session } from '../../tests/sessions'
import { templateDetails } from '../../tests/templates'

const serverWith = (template: ReturnType<typeof templateDetails>, sessions = [session({ id: 5, name: 'Course' })]) =>
  serverOf(grace)
    .on('GET /api/v1/templates/all', { body: { items: [template] } })
    .on('GET /api/v1/sessions', { body: { items: sessions, next_cursor: null } })
    .on('PUT /api/v1/templates/1', { body: template })

const field = () => screen.findByRole('combobox', { name: 'Begins with a session' })

describe('the session that a template begins with', () => {
  it('is one of one’s own', async () => {
    const server = serverWith(templateDetails())
    renderApp('/templates/1', server)
    await userEvent.selectOptions(await field(), '5')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    await waitFor(() => {
      expect(server.times('PUT /api/v1/templates/1')).toBe(1)
    })
    const wish: unknown = await server.requests.find(({ method }) => method === 'PUT')?.json()
    expect(wish).toMatchObject({ session_id: 5 })
    expect(wish).not.toHaveProperty('session')
  })

  it('may stay another administrator’s', async () => {
    renderApp('/templates/1', serverWith(templateDetails({ session_id: 9, session: 'Statistics' }), []))
    expect(await field()).toHaveDisplayValue('Statistics — somebody else’s')
  })

  it('is not asked for where there is none to choose', async () => {
    renderApp('/templates/1', serverWith(templateDetails(), []))
    await screen.findByRole('button', { name: 'Save' })
    expect(screen.queryByRole('combobox', { name: 'Begins with a session' })).not.toBeInTheDocument()
  })
})
