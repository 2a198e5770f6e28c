import { beforeEach, describe, expect, it } from 'vitest'
import { ada } from '../tests/examples'
import { FakeServer } from '../tests/fake-server'
import { api } from './client'

let server: FakeServer
let isRenewed: boolean

beforeEach(() => {
  isRenewed = false
  server = new FakeServer()
    .on('GET /api/v1/auth/me', () => (isRenewed ? { body: ada } : { status: 401 }))
    .on('POST /api/v1/auth/refresh', () => {
      isRenewed = true
      return { body: ada }
    })
})

describe('an access that ran out', () => {
  it('is renewed once, and the request sent again', async () => {
    const { data } = await api.GET('/api/v1/auth/me')
    expect(data).toEqual(ada)
    expect(server.asked).toEqual(['GET /api/v1/auth/me', 'POST /api/v1/auth/refresh', 'GET /api/v1/auth/me'])
  })

  it('is renewed once for requests at the same time', async () => {
    await Promise.all([api.GET('/api/v1/auth/me'), api.GET('/api/v1/auth/me'), api.GET('/api/v1/auth/me')])
    expect(server.times('POST /api/v1/auth/refresh')).toBe(1)
  })

  it('sends the body again as well', async () => {
    server.on('POST /api/v1/desktops', () => (isRenewed ? { status: 201, body: {} } : { status: 401 }))
    await api.POST('/api/v1/desktops', { body: { template: 'browser' } })
    await expect(server.requests.at(-1)?.json()).resolves.toEqual({ template: 'browser' })
  })

  it('stays refused when it cannot be renewed', async () => {
    server.on('POST /api/v1/auth/refresh', { status: 401 })
    const { response } = await api.GET('/api/v1/auth/me')
    expect(response.status).toBe(401)
    expect(server.times('GET /api/v1/auth/me')).toBe(1)
  })

  it('is renewed again the next time it runs out', async () => {
    await api.GET('/api/v1/auth/me')
    isRenewed = false
    await api.GET('/api/v1/auth/me')
    expect(server.times('POST /api/v1/auth/refresh')).toBe(2)
  })
})

it('does not take a wrong password for an access that ran out', async () => {
  server.on('POST /api/v1/auth/sign-in', { status: 401 })
  const { response } = await api.POST('/api/v1/auth/sign-in', { body: { username: 'ada', password: 'wrong' } })
  expect(response.status).toBe(401)
  expect(server.times('POST /api/v1/auth/refresh')).toBe(0)
})

it('sends no renewal while another tab sends one', async () => {
  const turns: string[] = []
  const locks = {
    request: async (name: string, task: () => Promise<boolean>) => {
      turns.push(name)
      return task()
    },
  }
  Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })
  await api.GET('/api/v1/auth/me')
  Reflect.deleteProperty(navigator, 'locks')
  expect(turns).toEqual(['deskbay-renew-access'])
})
