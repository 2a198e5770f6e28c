import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { RfbChannel } from './rfb-channel'
import { RfbPlayer } from './rfb-player'

const pieces = [0, 1000, 2000, 8000].map((at) => ({ at, data: new TextEncoder().encode(`${at} `).buffer }))

/** What each viewer that was opened has been told, the latest one last. */
let heard: string[]
let disconnected: number
let player: RfbPlayer

function open(channel: RfbChannel) {
  const index = heard.push('') - 1
  setTimeout(() => {
    channel.onmessage = ({ data }) => {
      heard[index] = `${heard[index] ?? ''}${new TextDecoder().decode(data)}`
    }
  })
  return {
    settled: () => Promise.resolve(),
    disconnect: () => {
      disconnected += 1
    },
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  heard = []
  disconnected = 0
  player = new RfbPlayer(pieces, open)
})

afterEach(() => {
  player.close()
  vi.useRealTimers()
})

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

it('shows the beginning, and waits', async () => {
  await pass(5000)
  expect([heard, player.isPlaying, player.position, player.duration]).toEqual([['0 '], false, 0, 8000])
})

it('shows the first picture at the beginning, though it took a moment', async () => {
  player.close()
  heard = []
  const slow = pieces.map(({ at, data }) => ({ at: at + 400, data }))
  player = new RfbPlayer(slow, open)
  await pass(10)
  expect([heard, player.position]).toEqual([['0 '], 0])
})

it('goes back a little without beginning anew where nothing came meanwhile', async () => {
  player.seek(2500)
  await pass(10)
  player.seek(2100)
  await pass(10)
  expect([heard, disconnected, player.position]).toEqual([['0 1000 2000 '], 0, 2100])
})

it('plays as it was', async () => {
  player.play()
  await pass(999)
  expect(heard).toEqual(['0 '])
  await pass(1500)
  expect([heard, player.position]).toEqual([['0 1000 2000 '], 2499])
})

it('pauses and goes on from there', async () => {
  player.play()
  await pass(1500)
  player.pause()
  await pass(60_000)
  expect([heard, player.position]).toEqual([['0 1000 '], 1500])
  player.play()
  await pass(600)
  expect(heard).toEqual(['0 1000 2000 '])
})

it('plays faster', async () => {
  player.play()
  player.setSpeed(8)
  await pass(260)
  expect([heard, player.position, player.speed]).toEqual([['0 1000 2000 '], 2080, 8])
})

it('goes forward at once, and back from the beginning', async () => {
  player.seek(2500)
  await pass(10)
  expect(heard).toEqual(['0 1000 2000 '])
  player.seek(1200)
  await pass(10)
  expect([heard, disconnected, player.position]).toEqual([['0 1000 2000 ', '0 1000 '], 1, 1200])
})

it('ends, and plays again from the beginning', async () => {
  const changes: boolean[] = []
  player.addEventListener('change', () => changes.push(player.isPlaying))
  player.play()
  await pass(9000)
  expect([player.isPlaying, player.position, changes.at(-1)]).toEqual([false, 8000, false])
  player.play()
  await pass(500)
  expect(heard).toEqual(['0 1000 2000 8000 ', '0 '])
})

it('lets go when it is closed', async () => {
  player.play()
  await pass(100)
  player.close()
  await pass(9000)
  expect([heard, disconnected]).toEqual([['0 '], 1])
})
