import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ada, desktop } from '../tests/examples'
import { FakeEventSource } from '../tests/fake-event-source'
import { FakeServer } from '../tests/fake-server'
import type { Desktop } from './client'
import { LiveEvents, type Liveness } from './events'
import { createQueryClient } from './query-client'
import { keys } from './queries'

let client: ReturnType<typeof createQueryClient>
let server: FakeServer
let events: LiveEvents
let told: Liveness[]

function setHidden(isHidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(isHidden)
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeEventSource.install()
  server = new FakeServer().on('GET /api/v1/auth/me', { body: ada })
  client = createQueryClient()
  client.setQueryData(keys.desktops, [desktop()])
  told = []
  events = new LiveEvents(client, ada.id, (liveness) => told.push(liveness))
  events.start()
})

afterEach(() => {
  events.stop()
})

const states = () => client.getQueryData<Desktop[]>(keys.desktops)?.map(({ state }) => state)

describe('a stream of events', () => {
  it('changes what is shown', () => {
    FakeEventSource.last.send('desktop', desktop({ state: 'stopping' }))
    expect(states()).toEqual(['stopping'])
    FakeEventSource.last.send('desktop-deleted', { id: 7 })
    expect(states()).toEqual([])
  })

  it("leaves out other people's desktops", () => {
    FakeEventSource.last.send('desktop', desktop({ id: 8, owner: { id: 2, username: 'grace' } }))
    expect(states()).toEqual(['running'])
  })

  it('has what was missed fetched again once it is open', () => {
    FakeEventSource.last.accept()
    expect(told).toEqual(['live'])
    expect(client.getQueryState(keys.desktops)?.isInvalidated).toBe(true)
  })

  it('is opened again after it broke, its access renewed first', async () => {
    FakeEventSource.last.fail()
    expect(told).toEqual(['lost'])
    await vi.advanceTimersByTimeAsync(600)
    expect(server.asked).toEqual(['GET /api/v1/auth/me'])
    expect(FakeEventSource.opened.map(({ isClosed }) => isClosed)).toEqual([true, false])
  })

  it('waits longer and longer for a server out of reach', async () => {
    server.on('GET /api/v1/auth/me', () => {
      throw new TypeError('Failed to fetch')
    })
    FakeEventSource.last.fail()
    await vi.advanceTimersByTimeAsync(500 + 1000 + 2000 + 4000 + 100)
    expect(server.times('GET /api/v1/auth/me')).toBe(4)
    expect(FakeEventSource.opened).toHaveLength(1)
  })

  it('is given back by a tab that stays hidden', () => {
    setHidden(true)
    vi.advanceTimersByTime(19_000)
    expect(FakeEventSource.last.isClosed).toBe(false)
    vi.advanceTimersByTime(2_000)
    expect(FakeEventSource.last.isClosed).toBe(true)
    setHidden(false)
    expect(FakeEventSource.opened).toHaveLength(2)
  })

  it('stays with a tab that is soon looked at again', () => {
    setHidden(true)
    setHidden(false)
    vi.advanceTimersByTime(60_000)
    expect(FakeEventSource.opened.map(({ isClosed }) => isClosed)).toEqual([false])
  })

  it('does not come back after it was stopped', async () => {
    FakeEventSource.last.fail()
    events.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    setHidden(false)
    expect(FakeEventSource.opened).toHaveLength(1)
  })
})
