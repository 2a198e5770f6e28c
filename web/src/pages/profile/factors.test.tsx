import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import type { Passkey } from '../../api/passkeys'
import type { SecondStep } from '../../api/second-step'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOfAda } from '../../tests/render-app'
import { codes, giveDevice, laptop, off, proven, setUp, signed, takeDevice } from '../../tests/second-step'

const profile = {
  id: 1, username: 'ada', full_name: 'Ada', email: null, email_verified_at: null, role: 'user', zone: null, language: null, theme: 'auto',
  has_password: true, providers: [],
}
const step = 'GET /api/v1/profile/second-step'

function server(state: Partial<SecondStep> = {}, passkeys: Passkey[] = []): FakeServer {
  return serverOfAda()
    .on('GET /api/v1/profile', { body: profile })
    .on('GET /api/v1/tokens', { body: { items: [], next_cursor: null } })
    .on('GET /api/v1/profile/sign-ins', { body: { items: [] } })
    .on(step, { body: { ...off, ...state } })
    .on('GET /api/v1/profile/passkeys', { body: { items: passkeys } })
    .on('POST /api/v1/profile/second-step/app', { body: setUp })
    .on('POST /api/v1/profile/second-step/app/confirm', { body: { codes } })
}

const click = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }))
const save = async () =>
  userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Save' }))
const last = (to: FakeServer, path: string) => to.requests.findLast(({ method, url }) => method === 'POST' && url.endsWith(path))?.json()

afterEach(takeDevice)

describe('the second step', () => {
  it('is set up with a code that the app shows, and shows recovery codes once', async () => {
    const asked = server({ proven_until: proven })
    renderApp('/profile', asked)
    await click('Set up an app')
    expect(await screen.findByRole('img', { name: /QR code/ })).toHaveAttribute('src', setUp.qr)
    expect(screen.getByLabelText('Or type this in')).toHaveValue('JBSW Y3DP EHPK 3PXP')
    await userEvent.type(screen.getByLabelText('Code that the app shows now'), ' 123456 ')
    await click('Turn on')
    const list = await screen.findByRole('list', { name: 'Recovery codes' })
    expect(within(list).getAllByRole('listitem').map((item) => item.textContent)).toEqual(codes)
    expect(screen.getByRole('button', { name: 'Copy all' })).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    expect(list).toBeVisible()
    await expect(last(asked, '/app/confirm')).resolves.toEqual({ code: '123456' })
    expect(asked.times('POST /api/v1/profile/second-step/app')).toBe(1)
    await click('I have kept them')
    expect(screen.queryByRole('list', { name: 'Recovery codes' })).not.toBeInTheDocument()
  })

  it('stays off with a wrong code, and says why', async () => {
    renderApp(
      '/profile',
      server({ proven_until: proven }).on('POST /api/v1/profile/second-step/app/confirm', {
        status: 422,
        body: 'That is not the code.',
      }),
    )
    await click('Set up an app')
    await screen.findByRole('img', { name: /QR code/ })
    await userEvent.type(screen.getByLabelText('Code that the app shows now'), '000000')
    await click('Turn on')
    expect(await screen.findByRole('alert')).toHaveTextContent('That is not the code.')
  })

  it('asks for the password first where it was not shown lately', async () => {
    const asked = server().on('POST /api/v1/profile/proof', { status: 204 })
    renderApp('/profile', asked)
    await click('Set up an app')
    const dialog = await screen.findByRole('dialog', { name: 'Is it you?' })
    await userEvent.type(within(dialog).getByLabelText(/Your password/), 'correct horse')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Go on' }))
    await screen.findByRole('dialog', { name: 'Set up an app' })
    await expect(last(asked, '/proof')).resolves.toEqual({ password: 'correct horse' })
  })

  it('goes no further with a wrong password', async () => {
    renderApp('/profile', server().on('POST /api/v1/profile/proof', { status: 403, body: 'That is not your password.' }))
    await click('Set up an app')
    const dialog = await screen.findByRole('dialog', { name: 'Is it you?' })
    await userEvent.type(within(dialog).getByLabelText(/Your password/), 'wrong')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Go on' }))
    expect(await within(dialog).findByText('That is not your password.')).toBeVisible()
    expect(screen.queryByRole('dialog', { name: 'Set up an app' })).not.toBeInTheDocument()
  })

  it('is turned off after a question', async () => {
    const on = { confirmed_at: '2026-03-01T10:00:00Z', recovery_codes: 1, proven_until: proven }
    const asked = server(on).on('DELETE /api/v1/profile/second-step', { status: 204 })
    renderApp('/profile', asked)
    expect(await screen.findByText(/One recovery code is left/)).toBeVisible()
    await click('Turn off…')
    await click('Turn off')
    await screen.findByText('Sign-ins ask for no code any more.')
    expect(asked.times('DELETE /api/v1/profile/second-step')).toBe(1)
  })

  it('makes new recovery codes', async () => {
    const on = { confirmed_at: '2026-03-01T10:00:00Z', recovery_codes: 0, proven_until: proven }
    renderApp('/profile', server(on).on('POST /api/v1/profile/second-step/recovery-codes', { body: { codes } }))
    expect(await screen.findByText(/no recovery codes left/)).toBeVisible()
    await click('New recovery codes…')
    await waitFor(() => {
      expect(screen.getByRole('button', { name: 'Cancel' })).toHaveFocus()
    })
    await click('Make new ones')
    await screen.findByRole('list', { name: 'Recovery codes' })
  })

  it('says what a person without a password can do', async () => {
    renderApp('/profile', server({ has_password: false }))
    await click('Set up an app')
    expect(await screen.findByRole('link', { name: 'Sign in anew' })).toHaveAttribute('href', '/sign-in?next=/profile')
  })
})

describe('passkeys', () => {
  const begin = 'POST /api/v1/profile/passkeys/begin'

  it('are offered where the browser has them', async () => {
    renderApp('/profile', server())
    expect(await screen.findByText(/Passkeys need HTTPS/)).toBeVisible()
    expect(screen.queryByRole('button', { name: 'Add a passkey' })).not.toBeInTheDocument()
  })

  it('are added by name, as the device answers', async () => {
    giveDevice((asked) => {
      expect(asked).toEqual({ publicKey: { challenge: 'x' } })
      return Promise.resolve(signed)
    })
    const asked = server({ proven_until: proven })
      .on(begin, { body: { options: { challenge: 'x' } } })
      .on('POST /api/v1/profile/passkeys', { status: 201, body: laptop })
    renderApp('/profile', asked)
    await click('Add a passkey')
    const name = await screen.findByLabelText(/^Name/)
    await userEvent.clear(name)
    await userEvent.type(name, 'Laptop')
    await save()
    await screen.findByText('Laptop is added.')
    await expect(last(asked, '/passkeys')).resolves.toEqual({ name: 'Laptop', credential: signed })
  })

  it('say what went wrong on the device', async () => {
    giveDevice(() => Promise.reject(new DOMException('', 'InvalidStateError')))
    renderApp('/profile', server({ proven_until: proven }).on(begin, { body: { options: {} } }))
    await click('Add a passkey')
    await screen.findByLabelText(/^Name/)
    await save()
    expect(await screen.findByText(/has a passkey of your account already/)).toBeVisible()
  })

  it('are renamed and removed', async () => {
    const asked = server({ proven_until: proven }, [laptop])
      .on('PATCH /api/v1/profile/passkeys/4', { body: laptop })
      .on('DELETE /api/v1/profile/passkeys/4', { status: 204 })
    renderApp('/profile', asked)
    await click('Rename Laptop')
    const name = await screen.findByLabelText(/^Name/)
    await userEvent.clear(name)
    await userEvent.type(name, 'Old one')
    await save()
    await expect.poll(() => asked.times('PATCH /api/v1/profile/passkeys/4')).toBe(1)
    await click('Remove Laptop')
    await click('Remove')
    await screen.findByText('Laptop is removed.')
  })

  it('show who is there, in place of a password', async () => {
    giveDevice(() => Promise.resolve(signed))
    const asked = server({ has_password: false }, [laptop])
      .on('POST /api/v1/auth/passkey/begin', { body: { options: {} } })
      .on('POST /api/v1/profile/proof/passkey', { status: 204 })
    renderApp('/profile', asked)
    await click('Remove Laptop')
    await click('Use a passkey')
    await screen.findByRole('dialog', { name: 'Remove Laptop?' })
    await expect(last(asked, '/proof/passkey')).resolves.toEqual({ credential: signed })
  })
})
