import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import { ada } from '../../tests/examples'
import type { FakeServer } from '../../tests/fake-server'
import { renderApp, serverOfNobody } from '../../tests/render-app'
import { codes, giveDevice, setUp, signed, takeDevice } from '../../tests/second-step'

const signIn = 'POST /api/v1/auth/sign-in'
const code = 'POST /api/v1/auth/second-step'
const home = 'Volumes'

function asking(step: string): FakeServer {
  return serverOfNobody()
    .on(signIn, { status: 202, body: { step } })
    .on('POST /api/v1/auth/second-step/app', { body: setUp })
    .on('POST /api/v1/auth/second-step/app/confirm', { body: { codes, user: ada } })
}

async function enterPassword() {
  await userEvent.type(await screen.findByLabelText('User name or e-mail'), 'ada')
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse')
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }))
}

afterEach(takeDevice)

describe('a second step', () => {
  it('asks for a code', async () => {
    const server = asking('code').on(code, { body: ada })
    renderApp('/sign-in', server)
    await enterPassword()
    await screen.findByRole('heading', { name: 'Enter your code', level: 1 })
    expect(screen.getByLabelText('Code')).toHaveAttribute('autocomplete', 'one-time-code')
    await userEvent.type(screen.getByLabelText('Code'), '123456{Enter}')
    await screen.findByRole('link', { name: home })
    await expect(server.requests.findLast(({ url }) => url.endsWith('/second-step'))?.json()).resolves.toEqual({
      code: '123456',
    })
  })

  it('says when the code is wrong, and lets somebody else sign in', async () => {
    renderApp('/sign-in', asking('code').on(code, { status: 401, body: 'That code is not right.' }))
    await enterPassword()
    await userEvent.type(await screen.findByLabelText('Code'), '000000{Enter}')
    expect(await screen.findByRole('alert')).toHaveTextContent('That code is not right.')
    await userEvent.click(screen.getByRole('button', { name: 'Sign in as somebody else' }))
    await screen.findByRole('heading', { name: 'Sign in', level: 1 })
  })

  it('is set up first where the server wants one', async () => {
    const server = asking('set-up')
    renderApp('/sign-in', server)
    await enterPassword()
    await screen.findByRole('img', { name: /QR code/ })
    await userEvent.type(screen.getByLabelText('Code that the app shows now'), '123456{Enter}')
    const list = await screen.findByRole('list', { name: 'Recovery codes' })
    expect(within(list).getAllByRole('listitem')).toHaveLength(codes.length)
    await userEvent.click(screen.getByRole('button', { name: /I have kept them/ }))
    await screen.findByRole('link', { name: home })
  })
})

describe('a passkey', () => {
  it('signs in without a name', async () => {
    giveDevice(() => Promise.resolve(signed))
    const server = serverOfNobody()
      .on('POST /api/v1/auth/passkey/begin', { body: { options: {} } })
      .on('POST /api/v1/auth/passkey', { body: ada })
    renderApp('/sign-in', server)
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in with a passkey' }))
    await screen.findByRole('link', { name: home })
    await expect(server.requests.findLast(({ url }) => url.endsWith('/passkey'))?.json()).resolves.toEqual({
      credential: signed,
    })
  })

  it('says when the device gave none', async () => {
    giveDevice(() => Promise.reject(new DOMException('', 'NotAllowedError')))
    renderApp('/sign-in', serverOfNobody().on('POST /api/v1/auth/passkey/begin', { body: { options: {} } }))
    await userEvent.click(await screen.findByRole('button', { name: 'Sign in with a passkey' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('Your device gave no passkey')
  })

  it('is not offered where the browser has none', async () => {
    renderApp('/sign-in', serverOfNobody())
    await screen.findByLabelText('Password')
    expect(screen.queryByRole('button', { name: /passkey/ })).not.toBeInTheDocument()
  })
})
