import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { ada, desktop } from './tests/examples'
import { FakeEventSource } from './tests/fake-event-source'
import { renderApp, serverOfAda, serverOfNobody } from './tests/render-app'

const heading = (name: string | RegExp) => screen.findByRole('heading', { name, level: 1 })

async function signIn(password: string): Promise<void> {
  await userEvent.type(await screen.findByLabelText('User name or e-mail'), 'ada')
  await userEvent.type(screen.getByLabelText('Password'), password)
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))
}

describe('signing in', () => {
  it('comes first, and leads back to the page that was asked for', async () => {
    const server = serverOfNobody()
      .on('POST /api/v1/auth/sign-in', { body: ada })
      .on('GET /api/v1/desktops/7', { body: desktop({ state: 'stopped', wanted: 'stopped' }) })
    renderApp('/desktops/7', server)
    await signIn('correct horse')
    await heading('Work is stopped')
  })

  it('says why it was refused, and keeps what was typed', async () => {
    renderApp('/', serverOfNobody().on('POST /api/v1/auth/sign-in', { status: 401, body: 'Wrong password.' }))
    await signIn('wrong')
    expect(await screen.findByRole('alert')).toHaveTextContent('Wrong password.')
    expect(screen.getByLabelText('User name or e-mail')).toHaveValue('ada')
  })

  it('says how long to wait after too many tries', async () => {
    const refusal = { status: 429, body: 'Too many tries.', headers: { 'Retry-After': '42' } }
    renderApp('/', serverOfNobody().on('POST /api/v1/auth/sign-in', refusal))
    await signIn('wrong')
    expect(await screen.findByRole('alert')).toHaveTextContent('Too many tries. You can try again in 42 s.')
  })

  it('is not asked of a person who is signed in', async () => {
    renderApp('/sign-in', serverOfAda())
    await heading('Your desktops')
  })

  it('shows a server out of reach as such', async () => {
    const server = serverOfAda().on('GET /api/v1/auth/me', () => {
      throw new TypeError('Failed to fetch')
    })
    renderApp('/', server)
    await heading('Not connected')
    server.on('GET /api/v1/auth/me', { body: ada })
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await heading('Your desktops')
  })
})

describe('signing up', () => {
  it('makes an account without what was left out', async () => {
    const server = serverOfNobody().on('POST /api/v1/auth/sign-up', { status: 201, body: ada })
    renderApp('/sign-up', server)
    await userEvent.type(await screen.findByLabelText('User name'), 'ada')
    await userEvent.type(screen.getByLabelText('Password'), 'correct horse')
    await userEvent.click(screen.getByRole('button', { name: 'Make the account' }))
    await heading('Your desktops')
    const sent = server.requests.find(({ url }) => url.endsWith('/sign-up'))
    await expect(sent?.json()).resolves.toEqual({
      username: 'ada',
      password: 'correct horse',
      full_name: null,
      email: null,
    })
  })

  it('sends no password that is too short', async () => {
    renderApp('/sign-up', serverOfNobody())
    // Browsers keep what is typed to this, jsdom does not.
    expect(await screen.findByLabelText('Password')).toHaveAttribute('minlength', '8')
  })

  it('says so where it is closed', async () => {
    const about = { name: 'Deskbay', version: '1', sign_up_open: false, providers: [], sends_mail: false }
    renderApp('/sign-up', serverOfNobody().on('GET /api/v1/about', { body: about }))
    await screen.findByText(/made by an administrator/)
    expect(screen.queryByLabelText('Password')).not.toBeInTheDocument()
  })
})

describe('a one-time link', () => {
  it('signs in once and goes on to its page', async () => {
    const server = serverOfNobody()
      .on('POST /api/v1/auth/link', { body: ada })
      .on('GET /api/v1/desktops/7', { body: desktop({ state: 'stopped', wanted: 'stopped' }) })
    renderApp('/#/link/secret?next=/desktops/7', server)
    await heading('Work is stopped')
    expect(server.times('POST /api/v1/auth/link')).toBe(1)
    await expect(server.requests[0]?.json()).resolves.toEqual({ token: 'secret' })
    expect(server.requests.some(({ url }) => url.includes('secret'))).toBe(false)
  })

  it('offers another way when it was used before', async () => {
    renderApp('/#/link/used', serverOfNobody().on('POST /api/v1/auth/link', { status: 401, body: 'Used before.' }))
    await heading('This link did not work')
    expect(screen.getByRole('alert')).toHaveTextContent('Used before.')
    await userEvent.click(screen.getByRole('link', { name: 'Sign in another way' }))
    await heading('Sign in')
  })
})

describe('signing out', () => {
  it.each([
    ['Sign out', 'POST /api/v1/auth/sign-out', { body: { continue_at: null } }],
    ['Sign out everywhere', 'POST /api/v1/auth/sign-out-everywhere', { status: 204 }],
  ])('by %s leaves nothing behind', async (name, request, answer) => {
    const server = serverOfAda().on(request, answer)
    renderApp('/', server)
    await userEvent.click(await screen.findByRole('button', { name: /Account of/ }))
    await userEvent.click(await screen.findByRole('menuitem', { name }))
    await heading('Sign in')
    expect(server.times(request)).toBe(1)
    expect(FakeEventSource.last.isClosed).toBe(true)
  })

  it('happens when the server no longer knows the person', async () => {
    const server = serverOfAda().on('POST /api/v1/auth/refresh', { status: 401 })
    renderApp('/', server)
    await heading('Your desktops')
    server.on('POST /api/v1/desktops', { status: 401 })
    await userEvent.click(await screen.findByRole('button', { name: 'Launch Desktop' }))
    await heading('Sign in')
  })
})

it('has a page for addresses that lead nowhere', async () => {
  renderApp('/nowhere', serverOfAda())
  await heading('There is no such page')
  const main = within(screen.getByRole('main'))
  await userEvent.click(main.getByRole('link', { name: 'To your desktops' }))
  await heading('Your desktops')
  await waitFor(() => {
    expect(document.title).toBe('Your desktops · Deskbay')
  })
})
