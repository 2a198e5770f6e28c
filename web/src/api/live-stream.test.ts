import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ada } from '../tests/examples'
import { FakeEventSource } from '../tests/fake-event-source'
import { FakeServer } from '../tests/fake-server'
import { LiveStream, type Liveness } from './live-stream'
import { createQueryClient } from './query-client'

let server: FakeServer
let events: LiveStream
let told: Liveness[]
let heard: unknown[]

function setHidden(isHidden: boolean): void {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(isHidden)
  document.dispatchEvent(new Event('visibilitychange'))
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeEventSource.install()
  server = new FakeServer().on('GET /api/v1/auth/me', { body: ada })
  told = []
  heard = []
  const topic = {
    path: '/events',
    onOpen: () => heard.push('opened'),
    on: { rain: (data: unknown) => heard.push(data) },
  }
  events = new LiveStream(createQueryClient(), topic, (liveness) => told.push(liveness))
  events.start()
})

afterEach(() => {
  events.stop()
})

describe('a stream of events', () => {
  it('tells when it is open, and what happens', () => {
    FakeEventSource.last.accept()
    FakeEventSource.last.send('rain', { millimetres: 3 })
    FakeEventSource.last.send('snow', {})
    expect(told).toEqual(['live'])
    expect(heard).toEqual(['opened', { millimetres: 3 }])
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
