import { QueryClient } from '@tanstack/react-query'
import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it } from 'vitest'
import { desktop } from '../tests/examples'
import { FakeServer } from '../tests/fake-server'
import { renderWithin } from '../tests/render-app'
import type { Desktop } from './client'
import { desktopsQuery, forgetDesktop, keys, rememberDesktop, useLaunch } from './queries'

const listed = (client: QueryClient) => client.getQueryData<Desktop[]>(keys.desktops)

describe('a list of desktops', () => {
  it('is fetched page after page, without those on their way out', async () => {
    const server = new FakeServer().on('GET /api/v1/desktops', (request) => {
      const isFirst = !request.url.includes('cursor=5')
      return isFirst
        ? { body: { items: [desktop({ id: 9 }), desktop({ id: 6, wanted: 'deleted' })], next_cursor: 5 } }
        : { body: { items: [desktop({ id: 4 })], next_cursor: null } }
    })
    const found = await new QueryClient().query(desktopsQuery)
    expect(found.map(({ id }) => id)).toEqual([9, 4])
    expect(server.asked).toHaveLength(2)
  })
})

describe('news of a desktop', () => {
  let client: QueryClient

  beforeEach(() => {
    client = new QueryClient()
    client.setQueryData(keys.desktops, [desktop({ id: 1 }), desktop({ id: 2 })])
  })

  it('change it in its place', () => {
    rememberDesktop(client, desktop({ id: 2, state: 'stopping' }))
    expect(listed(client)?.map(({ id, state }) => [id, state])).toEqual([[1, 'running'], [2, 'stopping']])
  })

  it('put a new one in front', () => {
    rememberDesktop(client, desktop({ id: 3 }))
    expect(listed(client)?.map(({ id }) => id)).toEqual([3, 1, 2])
  })

  it('do not undo what is newer', () => {
    rememberDesktop(client, desktop({ id: 2, state: 'stopped', state_since: '2026-03-01T11:00:00Z' }))
    rememberDesktop(client, desktop({ id: 2, state: 'stopping', state_since: '2026-03-01T10:59:59Z' }))
    expect(listed(client)?.[1]?.state).toBe('stopped')
    expect(client.getQueryData<Desktop>(keys.desktop(2))?.state).toBe('stopped')
  })

  it('take out one that is to be deleted', () => {
    rememberDesktop(client, desktop({ id: 1, wanted: 'deleted' }))
    expect(listed(client)?.map(({ id }) => id)).toEqual([2])
  })

  it('make no list where there is none yet', () => {
    client = new QueryClient()
    rememberDesktop(client, desktop())
    expect(listed(client)).toBeUndefined()
  })

  it('take out one that is deleted', () => {
    forgetDesktop(client, 2)
    expect(listed(client)?.map(({ id }) => id)).toEqual([1])
  })
})

describe('a launch', () => {
  const keysSent = (server: FakeServer) => server.requests.map(({ headers }) => headers.get('Idempotency-Key'))

  function LaunchTwice() {
    const launch = useLaunch()
    return (
      <button
        onClick={() => {
          launch.mutate({ template: 'desktop' })
        }}
      >
        {launch.status}
      </button>
    )
  }

  async function launchTwice(server: FakeServer): Promise<(string | null)[]> {
    renderWithin(<LaunchTwice />)
    await userEvent.click(screen.getByRole('button'))
    await screen.findByText(/success|error/)
    await userEvent.click(screen.getByRole('button'))
    await screen.findByText(/success|error/)
    return keysSent(server)
  }

  it('has a key of its own each time', async () => {
    const sent = await launchTwice(new FakeServer().on('POST /api/v1/desktops', { status: 201, body: desktop() }))
    expect(sent[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(sent[0]).not.toBe(sent[1])
  })

  it('keeps its key when the answer was lost', async () => {
    const server = new FakeServer().on('POST /api/v1/desktops', () => {
      throw new TypeError('Failed to fetch')
    })
    const [first, second] = await launchTwice(server)
    expect(first).toBe(second)
  })
})
