import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ScreenConnection, type Link } from './connection'
import type { Trouble } from './guacd-reasons'

class FakeViewer extends EventTarget {
  readonly socket = new EventTarget()
  isDisconnected = false

  connect(): void {
    this.dispatchEvent(new Event('connect'))
  }

  break(code = 1006): void {
    this.socket.dispatchEvent(Object.assign(new Event('close'), { code }))
    this.dispatchEvent(new Event('disconnect'))
  }

  breakFor(trouble: Trouble | null): void {
    this.dispatchEvent(new CustomEvent('disconnect', { detail: { trouble } }))
  }

  disconnect(): void {
    this.isDisconnected = true
    this.break(1000)
  }
}

let viewers: FakeViewer[]
let phases: Link['phase'][]
let reason: string | undefined
let isReachable: boolean
let checks: number
let connection: ScreenConnection<FakeViewer>

const last = () => {
  const viewer = viewers.at(-1)
  if (!viewer) throw new Error('Nothing was opened.')
  return viewer
}

beforeEach(() => {
  vi.useFakeTimers()
  viewers = []
  phases = []
  isReachable = true
  checks = 0
  connection = new ScreenConnection<FakeViewer>({
    open: () => {
      const viewer = new FakeViewer()
      viewers.push(viewer)
      return { viewer, socket: viewer.socket }
    },
    check: () => {
      checks += 1
      return isReachable ? Promise.resolve() : Promise.reject(new Error('out of reach'))
    },
    report: (link) => {
      phases.push(link.phase)
      reason = 'reason' in link ? link.reason : undefined
    },
  })
  connection.start()
})

afterEach(() => {
  connection.stop()
})

it('tells when it is connected', () => {
  last().connect()
  expect(phases).toEqual(['connecting', 'connected'])
})

it('connects again after it broke, once the server answers', async () => {
  last().connect()
  last().break()
  await vi.advanceTimersByTimeAsync(300)
  last().connect()
  expect(phases).toEqual(['connecting', 'connected', 'lost', 'connecting', 'connected'])
  expect(checks).toBe(1)
})

it('waits longer and longer while the server is out of reach', async () => {
  isReachable = false
  last().break()
  await vi.advanceTimersByTimeAsync(300 + 1000 + 2000)
  expect(checks).toBe(3)
  expect(viewers).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(3900)
  expect(checks).toBe(3)
  await vi.advanceTimersByTimeAsync(100)
  expect(checks).toBe(4)
})

it('does not hurry when each connection breaks at once', async () => {
  for (let round = 0; round < 3; round += 1) {
    last().connect()
    last().break()
    await vi.advanceTimersByTimeAsync(300)
  }
  expect(viewers).toHaveLength(2)
})

it('hurries again after a connection that held', async () => {
  last().break()
  await vi.advanceTimersByTimeAsync(300)
  last().connect()
  await vi.advanceTimersByTimeAsync(6000)
  last().break()
  await vi.advanceTimersByTimeAsync(300)
  expect(viewers).toHaveLength(3)
})

it.each([4403, 4404])('does not try again after %d', async (code) => {
  last().break(code)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(phases).toEqual(['connecting', 'refused'])
  expect(viewers).toHaveLength(1)
})

it('tells why, as far as the viewer knows, and tries again', async () => {
  last().breakFor({ reason: 'Nothing answers.', isFinal: false })
  expect([phases.at(-1), reason]).toEqual(['lost', 'Nothing answers.'])
  await vi.advanceTimersByTimeAsync(300)
  last().breakFor(null)
  expect([phases.at(-1), reason]).toEqual(['lost', undefined])
})

it('does not try again by itself where the desktop lets nobody in, but when asked', async () => {
  last().breakFor({ reason: 'The password is wrong.', isFinal: true })
  await vi.advanceTimersByTimeAsync(60_000)
  expect([phases, reason]).toEqual([['connecting', 'refused'], 'The password is wrong.'])
  connection.retryNow()
  await vi.advanceTimersByTimeAsync(0)
  expect(viewers).toHaveLength(2)
})

it.each([4401, 4409, 1006])('tries again after %d', async (code) => {
  last().break(code)
  await vi.advanceTimersByTimeAsync(300)
  expect(viewers).toHaveLength(2)
})

it('ends the wait when asked, or when the network is back', async () => {
  isReachable = false
  last().break()
  await vi.advanceTimersByTimeAsync(300)
  isReachable = true
  window.dispatchEvent(new Event('online'))
  await vi.advanceTimersByTimeAsync(0)
  expect(viewers).toHaveLength(2)
  connection.retryNow()
  await vi.advanceTimersByTimeAsync(0)
  expect(viewers).toHaveLength(2)
})

it('opens one connection when asked twice', async () => {
  last().break()
  connection.retryNow()
  connection.retryNow()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(viewers).toHaveLength(2)
})

it('disconnects when it is stopped, and stays so', async () => {
  last().connect()
  connection.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(last().isDisconnected).toBe(true)
  expect(phases).toEqual(['connecting', 'connected'])
})

it('opens nothing when it is stopped during a check', async () => {
  last().break()
  connection.retryNow()
  connection.stop()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(viewers).toHaveLength(1)
})
