import { screen } from '@testing-library/react'
import { MemoryRouter } from 'react-router'
import { describe, expect, it, vi } from 'vitest'
import { renderWithin, serverOfNobody } from '../../tests/render-app'
import { roomMap } from '../../tests/rooms'
import PublicMapPage from './public-map-page'

const nameless = roomMap({
  seats: roomMap().seats.map((seat) => ({ ...seat, device: null, device_id: null, username: null })),
})

function openLink(): void {
  renderWithin(
    <MemoryRouter initialEntries={['/map#secret']}>
      <PublicMapPage />
    </MemoryRouter>,
  )
}

const withMap = () => serverOfNobody().on('GET /api/v1/map', { body: nameless })

describe('the public map', () => {
  it('shows states without names to whoever has the link, and sends its token in no address', async () => {
    const server = withMap()
    openLink()
    expect(await screen.findByRole('button', { name: /^In use .*row 1, column 1$/ })).toBeVisible()
    expect(screen.getByRole('heading', { name: 'Lab 3' })).toBeVisible()
    expect(server.requests.map(({ url }) => url)).toEqual(['http://localhost:3000/api/v1/map'])
    expect(server.requests[0]?.headers.get('Authorization')).toBe('Bearer secret')
  })

  it('refreshes itself', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const server = withMap()
    openLink()
    await screen.findByRole('button', { name: 'Free 1' })
    server.on('GET /api/v1/map', { body: { ...nameless, counts: { 'in-use': 0, idle: 0, free: 3, offline: 0 } } })
    await vi.advanceTimersByTimeAsync(5000)
    expect(await screen.findByRole('button', { name: 'Free 3' })).toBeVisible()
  })

  it('says that its link was taken back, does not ask again, and does not try to sign in', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const server = withMap()
    openLink()
    await screen.findByRole('button', { name: 'Free 1' })
    server.on('GET /api/v1/map', { status: 401, body: 'This link was taken back. Ask an administrator for a new one.' })
    await vi.advanceTimersByTimeAsync(5000)
    expect(await screen.findByText(/This link was taken back/)).toBeVisible()
    const asked = server.times('GET /api/v1/map')
    await vi.advanceTimersByTimeAsync(20_000)
    expect(server.times('GET /api/v1/map')).toBe(asked)
    expect(server.times('POST /api/v1/auth/refresh')).toBe(0)
  })

  it('keeps what it showed while the server is away, and says so', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const server = withMap()
    openLink()
    await screen.findByRole('button', { name: 'Free 1' })
    server.on('GET /api/v1/map', () => {
      throw new TypeError('Failed to fetch')
    })
    await vi.advanceTimersByTimeAsync(8000)
    expect(await screen.findByText(/connection to the server is lost/)).toBeVisible()
    expect(screen.getByRole('button', { name: 'Free 1' })).toBeVisible()
  })

  it('says when it could not be loaded at all', async () => {
    serverOfNobody().on('GET /api/v1/map', { status: 503, body: 'Too much to do.' })
    openLink()
    expect(await screen.findByText(/Too much to do\. It is tried again/)).toBeVisible()
  })
})
