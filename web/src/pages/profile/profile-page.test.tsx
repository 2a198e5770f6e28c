import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { Login, Profile } from '../../api/profile'
import type { ApiToken } from '../../api/tokens'
import type { FakeServer } from '../../tests/fake-server'
import { ada, joan } from '../../tests/examples'
import { off } from '../../tests/second-step'
import { renderApp, serverOf } from '../../tests/render-app'
import { apiToken } from '../../tests/tokens'

const profile: Profile = {
  id: 1, username: 'ada', full_name: 'Ada Lovelace', email: 'ada@example.org', email_verified_at: null, role: 'user',
  zone: null, language: null, theme: 'auto', has_password: true, providers: ['School account'],
}
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
const here: Login = {
  id: 1, program: firefox, address: '192.0.2.7', created_at: '2026-03-01T10:00:00Z', seen_at: '2026-03-01T10:00:00Z',
  is_this: true,
}
const there: Login = { ...here, id: 2, program: 'curl/8.1', address: '192.0.2.8', is_this: false }
const token = apiToken()

function server(different: Partial<Profile> = {}, tokens: ApiToken[] = [token], user = ada): FakeServer {
  return serverOf(user)
    .on('GET /api/v1/profile', { body: { ...profile, ...different } })
    .on('GET /api/v1/tokens', { body: { items: tokens, next_cursor: null } })
    .on('GET /api/v1/profile/sign-ins', { body: { items: [here, there] } })
    .on('GET /api/v1/profile/second-step', { body: off })
    .on('GET /api/v1/profile/passkeys', { body: { items: [] } })
    .on('PATCH /api/v1/profile', { body: profile })
}

const panel = async (title: string) => {
  const heading = await screen.findByRole('heading', { name: title })
  return within(heading.closest('section') ?? document.body)
}
const sent = (to: FakeServer, method: string) => to.requests.findLast((request) => request.method === method)

describe('the account', () => {
  it('is saved without the address where that stays', async () => {
    const asked = server()
    renderApp('/profile', asked)
    const account = await panel('Account')
    expect(account.getByText('School account')).toBeVisible()
    expect(account.getByText('Not verified')).toBeVisible()
    await userEvent.clear(account.getByLabelText('Full name'))
    await userEvent.type(account.getByLabelText('Full name'), 'Ada King')
    await userEvent.click(account.getByRole('button', { name: 'Save' }))
    await screen.findByText('Your account is saved.')
    await expect(sent(asked, 'PATCH')?.json()).resolves.toEqual({ full_name: 'Ada King' })
  })

  it('takes the password for another address', async () => {
    const asked = server().on('PATCH /api/v1/profile', { status: 403, body: 'That is not your password.' })
    renderApp('/profile', asked)
    const account = await panel('Account')
    expect(account.queryByLabelText(/Your password/)).not.toBeInTheDocument()
    await userEvent.clear(account.getByLabelText('E-mail'))
    await userEvent.type(account.getByLabelText('E-mail'), 'new@example.org')
    await userEvent.type(account.getByLabelText(/Your password/), 'wrong')
    await userEvent.click(account.getByRole('button', { name: 'Save' }))
    expect(await account.findByRole('alert')).toHaveTextContent('That is not your password.')
    await expect(sent(asked, 'PATCH')?.json()).resolves.toMatchObject({ email: 'new@example.org', password: 'wrong' })
  })
})

describe('an address that is not verified', () => {
  const about = { name: 'Deskbay', version: '1', sign_up_open: true, providers: [], sends_mail: true }
  const ask = { name: 'Send me a link to verify it' }

  it('has a link sent', async () => {
    const asked = server()
      .on('GET /api/v1/about', { body: about })
      .on('POST /api/v1/auth/verification', { status: 202, body: null })
    renderApp('/profile', asked)
    await userEvent.click(await screen.findByRole('button', ask))
    await screen.findByText('A link to verify your address is on its way.')
  })

  it('is the only one that is asked for', async () => {
    const verified = server({ email_verified_at: '2026-03-01T10:00:00Z' }).on('GET /api/v1/about', { body: about })
    renderApp('/profile', verified)
    await screen.findByText('Verified')
    expect(screen.queryByRole('button', ask)).not.toBeInTheDocument()
  })
})

describe('the password', () => {
  it('is changed with the old one', async () => {
    const asked = server().on('PUT /api/v1/profile/password', { status: 204 })
    renderApp('/profile', asked)
    const password = await panel('Password')
    await userEvent.type(password.getByLabelText('Your password'), 'old words here')
    await userEvent.type(password.getByLabelText('New password'), 'new words here')
    await userEvent.click(password.getByRole('button', { name: 'Change the password' }))
    await screen.findByText(/signed out everywhere else/)
    expect(password.getByLabelText('New password')).toHaveValue('')
    const wish = { password: 'old words here', new_password: 'new words here' }
    await expect(sent(asked, 'PUT')?.json()).resolves.toEqual(wish)
  })

  it('needs no old one where there is none', async () => {
    renderApp('/profile', server({ has_password: false }))
    const password = await panel('Password')
    expect(password.queryByLabelText('Your password')).not.toBeInTheDocument()
    expect(password.getByRole('button', { name: 'Take a password' })).toBeVisible()
  })
})

it('saves colours as soon as they are chosen', async () => {
  const asked = server()
  renderApp('/profile', asked)
  await userEvent.selectOptions((await panel('Look, zone and language')).getByLabelText('Colours'), 'Dark')
  await expect(sent(asked, 'PATCH')?.json()).resolves.toEqual({ theme: 'dark' })
})

it('saves a language as soon as it is chosen, and says what it is for', async () => {
  const asked = server()
  renderApp('/profile', asked)
  const look = await panel('Look, zone and language')
  expect(look.getByText(/^1 March 2026 · 1,234.5. Deskbay has words in English and German;/)).toBeVisible()
  await userEvent.selectOptions(look.getByLabelText(/^Language of this page/), 'Austrian German')
  await expect(sent(asked, 'PATCH')?.json()).resolves.toEqual({ language: 'de-AT' })
})

describe('tokens', () => {
  it('are made with scopes, and shown once', async () => {
    const made = { ...token, name: 'Wall', token: 'deskbay_pat_secret' }
    const asked = server({}, []).on('POST /api/v1/tokens', { status: 201, body: made })
    renderApp('/profile', asked)
    await userEvent.click(await screen.findByRole('button', { name: 'Make a token' }))
    const make = await screen.findByRole('button', { name: 'Make the token' })
    await userEvent.type(screen.getByLabelText('Name'), 'Wall')
    expect(make).toBeDisabled()
    await userEvent.selectOptions(screen.getByLabelText('Desktops: see'), 'my own')
    await userEvent.selectOptions(screen.getByLabelText('Good for'), '7 days')
    await userEvent.click(make)
    expect(await screen.findByLabelText('The token')).toHaveValue('deskbay_pat_secret')
    const wish = { name: 'Wall', description: '', scopes: ['desktops:read!own'], expires_in_days: 7 }
    await expect(sent(asked, 'POST')?.json()).resolves.toEqual(wish)
    await userEvent.click(screen.getByRole('button', { name: 'Done' }))
    expect(screen.queryByDisplayValue('deskbay_pat_secret')).not.toBeInTheDocument()
  })

  it('reach no farther than their person, and as far as is wished', async () => {
    renderApp('/profile', server({}, [], joan))
    await userEvent.click(await screen.findByRole('button', { name: 'Make a token' }))
    const choices = (label: string) =>
      within(screen.getByLabelText(label)).getAllByRole('option').map((option) => option.textContent)
    await screen.findByLabelText('Desktops: change')
    expect(choices('Desktops: change')).toEqual(['–', 'my own', 'those of people I look after'])
    expect(choices('Volumes: change')).toEqual(['–', 'my own'])
    expect(screen.getByLabelText('Templates: change')).toBeDisabled()
    expect(screen.queryByLabelText('Runtimes: see')).not.toBeInTheDocument()
  })

  it('come page by page', async () => {
    const older = apiToken({ id: '9', name: 'Older' })
    const asked = server().on('GET /api/v1/tokens', ({ url }) => {
      const isFirst = !new URL(url).searchParams.has('cursor')
      return { body: isFirst ? { items: [token], next_cursor: 4 } : { items: [older], next_cursor: null } }
    })
    renderApp('/profile', asked)
    await userEvent.click(await screen.findByRole('button', { name: 'Show older ones' }))
    expect(await screen.findByText('Older')).toBeVisible()
    expect(screen.getByText('Backups')).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Show older ones' })).not.toBeInTheDocument()
  })

  it('are told by their states', async () => {
    const old = { ...token, id: '1', name: 'Old', expires_at: '2026-01-01T00:00:00Z' }
    const gone = { ...token, id: '2', name: 'Gone', revoked_at: '2026-03-01T10:00:00Z' }
    renderApp('/profile', server({}, [token, old, gone]))
    const rows = await (await panel('Tokens for programs')).findAllByRole('listitem')
    expect(rows.map((row) => within(row).getByText(/^(Good|Expired|Revoked)$/).textContent)).toEqual([
      'Good', 'Expired', 'Revoked',
    ])
    expect(screen.getAllByRole('button', { name: /^Revoke / })).toHaveLength(1)
  })

  it('are revoked after a question', async () => {
    const asked = server().on(`DELETE /api/v1/tokens/${token.id}`, { status: 204 })
    renderApp('/profile', asked)
    await userEvent.click(await screen.findByRole('button', { name: 'Revoke Backups of ada' }))
    await userEvent.click(await screen.findByRole('button', { name: 'Revoke' }))
    await screen.findByText('Backups is revoked.')
    expect(asked.times(`DELETE /api/v1/tokens/${token.id}`)).toBe(1)
  })
})

describe('sign-ins', () => {
  it('are ended one by one, but not this one', async () => {
    const asked = server().on('DELETE /api/v1/profile/sign-ins/2', { status: 204 })
    renderApp('/profile', asked)
    const rows = await (await panel('Where you are signed in')).findAllByRole('listitem')
    expect(rows[0]).toHaveTextContent('Firefox on LinuxThis oneFrom 192.0.2.7')
    await userEvent.click(screen.getByRole('button', { name: 'Sign out curl at 192.0.2.8' }))
    expect(asked.times('DELETE /api/v1/profile/sign-ins/2')).toBe(1)
    expect(screen.getAllByRole('button', { name: /^Sign out .* at/ })).toHaveLength(1)
  })

  it('are ended all at once', async () => {
    const asked = server().on('DELETE /api/v1/profile/sign-ins', { status: 204 })
    renderApp('/profile', asked)
    await userEvent.click(await screen.findByRole('button', { name: 'Sign out everywhere else' }))
    await screen.findByText('You are signed out everywhere else.')
    expect(asked.times('DELETE /api/v1/profile/sign-ins')).toBe(1)
  })
})
