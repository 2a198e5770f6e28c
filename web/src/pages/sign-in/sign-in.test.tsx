import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { MemoryRouter } from 'react-router'
import { describe, expect, it, vi } from 'vitest'
import { App } from '../../app'
import { ada, desktop } from '../../tests/examples'
import { renderApp, renderWithin, serverOfAda, serverOfNobody } from '../../tests/render-app'

const about = {
  name: 'Deskbay',
  version: '1',
  sign_up_open: false,
  sends_mail: false,
  providers: [{ name: 'school', title: 'School account' }],
}
const school = () => serverOfNobody().on('GET /api/v1/about', { body: about })
const begin = 'POST /api/v1/auth/oidc/school/begin'
const callback = 'POST /api/v1/auth/oidc/callback'

function watchLeaving() {
  const assign = vi.fn()
  vi.stubGlobal('location', { origin: window.location.origin, assign })
  return assign
}

it('hides a password, and takes what a manager pastes', async () => {
  const server = serverOfNobody().on('POST /api/v1/auth/sign-in', { status: 401, body: 'Wrong.' })
  renderApp('/sign-in', server)
  const field = await screen.findByLabelText('Password')
  expect(field).toHaveAttribute('type', 'password')
  expect(field).toHaveAttribute('autocomplete', 'current-password')
  await userEvent.type(screen.getByLabelText('User name or e-mail'), 'ada')
  await userEvent.click(field)
  await userEvent.paste('correct horse battery')
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))
  const sent = server.requests.find(({ url }) => url.endsWith('/auth/sign-in'))
  await expect(sent?.json()).resolves.toEqual({ username: 'ada', password: 'correct horse battery' })
})

describe('signing in at a provider', () => {
  it('leaves for the provider, and comes back to the page that was asked for', async () => {
    const leave = watchLeaving()
    const stopped = desktop({ state: 'stopped', wanted: 'stopped' })
    const server = school()
      .on(begin, { body: { authorization_url: 'https://login.example.org/authorize' } })
      .on(callback, { body: ada })
      .on('GET /api/v1/desktops/7', { body: stopped })
    renderApp('/desktops/7', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in with School account' }))
    await vi.waitFor(() => {
      expect(leave).toHaveBeenCalledWith('https://login.example.org/authorize')
    })
    document.body.replaceChildren()
    renderApp('/sign-in/callback?code=c&state=s&iss=i', server)
    await screen.findByRole('heading', { name: 'Work is stopped', level: 1 })
    const sent = server.requests.filter(({ url }) => url.endsWith('/callback'))
    expect(sent).toHaveLength(1)
    await expect(sent[0]?.json()).resolves.toEqual({ code: 'c', state: 's' })
  })

  it('says when the provider is away', async () => {
    renderApp('/sign-in', school().on(begin, { status: 502, body: 'School account does not answer.' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in with School account' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('School account does not answer.')
    expect(screen.getByLabelText('Password')).toBeVisible()
  })

  it('shows why the server refused it', async () => {
    renderApp('/sign-in/callback?code=c&state=s', school().on(callback, { status: 400, body: 'Begin again.' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('Begin again.')
    await userEvent.click(screen.getByRole('link', { name: 'Back to sign-in' }))
    await screen.findByRole('heading', { name: 'Sign in', level: 1 })
  })

  it.each([
    ['?error=access_denied&state=s', 'You did not agree to sign in there.'],
    ['?error=server_error', 'without an answer (server_error)'],
    ['', 'without an answer. Sign in again.'],
  ])('asks the server nothing where the provider refused it: %s', async (query, message) => {
    const server = school()
    renderWithin(
      <MemoryRouter initialEntries={[`/sign-in/callback${query}`]}>
        <App />
      </MemoryRouter>,
    )
    expect(await screen.findByRole('alert')).toHaveTextContent(message)
    expect(server.asked).toEqual([])
  })

  it('shows no button where there is no provider', async () => {
    renderApp('/sign-in', serverOfNobody())
    await screen.findByLabelText('Password')
    expect(screen.queryByRole('button', { name: /Sign in with/ })).not.toBeInTheDocument()
  })
})

it('goes on to the provider when one signs out', async () => {
  const leave = watchLeaving()
  const continue_at = 'https://login.example.org/logout'
  renderApp('/', serverOfAda().on('POST /api/v1/auth/sign-out', { body: { continue_at } }))
  await userEvent.click(await screen.findByRole('button', { name: /Account of/ }))
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Sign out' }))
  await screen.findByRole('heading', { name: 'Sign in', level: 1 })
  expect(leave).toHaveBeenCalledWith(continue_at)
})

describe('a forgotten password', () => {
  const forgotten = 'POST /api/v1/auth/forgotten-password'
  const take = 'POST /api/v1/auth/new-password'
  const withMail = () => serverOfNobody().on('GET /api/v1/about', { body: { ...about, sends_mail: true } })

  it('has a link sent, whoever asks', async () => {
    const server = withMail().on(forgotten, { status: 202, body: null })
    renderApp('/sign-in', server)
    await userEvent.click(await screen.findByRole('link', { name: 'Forgot your password?' }))
    await userEvent.type(await screen.findByLabelText('E-mail'), 'ada@example.org')
    await userEvent.click(screen.getByRole('button', { name: 'Send me a link' }))
    expect(await screen.findByRole('status')).toHaveTextContent('If ada@example.org belongs to an account here')
  })

  it('is taken anew with the link, which no address that is sent tells', async () => {
    const server = withMail().on(take, { status: 204 })
    renderWithin(
      <MemoryRouter initialEntries={['/new-password#secret']}>
        <App />
      </MemoryRouter>,
    )
    await userEvent.type(await screen.findByLabelText('New password'), 'correct horse')
    await userEvent.click(screen.getByRole('button', { name: 'Take it' }))
    await screen.findByRole('heading', { name: 'Your password is changed', level: 1 })
    await expect(server.requests[0]?.json()).resolves.toEqual({ token: 'secret', new_password: 'correct horse' })
    expect(server.requests.some(({ url }) => url.includes('secret'))).toBe(false)
  })

  it('stays what it is with a link that is spent', async () => {
    withMail().on(take, { status: 401, body: 'This link was used before.' })
    renderWithin(
      <MemoryRouter initialEntries={['/new-password#secret']}>
        <App />
      </MemoryRouter>,
    )
    await userEvent.type(await screen.findByLabelText('New password'), 'correct horse')
    await userEvent.click(screen.getByRole('button', { name: 'Take it' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('This link was used before.')
  })

  it('is nothing to offer where no mails are sent', async () => {
    renderApp('/sign-in', serverOfNobody())
    await screen.findByLabelText('Password')
    expect(screen.queryByRole('link', { name: 'Forgot your password?' })).not.toBeInTheDocument()
  })
})

it.each([
  [{ status: 204 }, 'Your address is verified'],
  [{ status: 401, body: 'Too old.' }, 'This link did not work'],
])('verifies an address: %o', async (answer, title) => {
  const server = serverOfNobody().on('POST /api/v1/auth/verify', answer)
  renderApp('/verify#secret', server)
  await screen.findByRole('heading', { name: title, level: 1 })
  expect(server.times('POST /api/v1/auth/verify')).toBe(1)
})
