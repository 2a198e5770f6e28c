import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { renderApp, serverOfAda } from '../../tests/render-app'
import { tracking } from '../../tests/tracking'

const asked = tracking({ policy: 'consent', groups: ['Class 7b', 'Readers'], is_asked: true })
const get = 'GET /api/v1/tracking'
const put = 'PUT /api/v1/tracking'

describe('the question of a group', () => {
  it.each([
    ['I consent', true],
    ['No', false],
  ])('is answered once: %s', async (answer, consent) => {
    const server = serverOfAda().on(get, { body: asked }).on(put, { body: { ...asked, consent, is_asked: false } })
    renderApp('/', server)
    expect(await screen.findByText(/Class 7b and Readers would like to record which applications/)).toBeVisible()
    expect(screen.getByText(/Titles of windows are not kept/)).toBeVisible()
    await userEvent.click(screen.getByRole('button', { name: answer }))
    await waitFor(() => {
      expect(screen.queryByRole('region', { name: 'Consent' })).not.toBeInTheDocument()
    })
    const sent: unknown = await server.requests.at(-1)?.json()
    expect(sent).toEqual({ consent, excluded_applications: [], paused_until: null })
  })

  it('is not there where nobody asks', async () => {
    renderApp('/', serverOfAda().on(get, { body: tracking({ policy: 'consent' }) }))
    expect(await screen.findByText(/whole computer in your browser/)).toBeVisible()
    expect(screen.queryByRole('region', { name: 'Consent' })).not.toBeInTheDocument()
  })
})
