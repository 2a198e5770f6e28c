import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { GuacamolePlayer } from './guacamole-player'

/** Where it was told to draw, the latest last. */
let drawn: number[]
let isClosed: boolean
let player: GuacamolePlayer

function drawing(duration: number) {
  return {
    getDuration: () => duration,
    seek: (position: number, done: () => void) => {
      drawn.push(Math.round(position))
      setTimeout(done, 5)
    },
    close: () => {
      isClosed = true
    },
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  drawn = []
  isClosed = false
  player = new GuacamolePlayer(drawing(8000))
})

afterEach(() => {
  player.close()
  vi.useRealTimers()
})

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

it('shows the first second at the beginning, and waits', async () => {
  await pass(5000)
  expect([drawn, player.isPlaying, player.position, player.duration]).toEqual([[999], false, 0, 8000])
})

it('plays, pauses and goes on from there', async () => {
  player.play()
  await pass(2000)
  player.pause()
  await pass(60_000)
  expect([drawn.at(-1), player.position]).toEqual([2000, 2000])
  player.play()
  await pass(500)
  expect(player.position).toBe(2500)
  expect(drawn.at(-1)).toBeGreaterThan(2400)
})

it('plays faster, one picture at a time', async () => {
  player.play()
  player.setSpeed(4)
  await pass(1000)
  expect([player.position, player.speed]).toEqual([4000, 4])
  expect(drawn.length).toBeLessThan(30)
  expect([...drawn].sort((one, other) => one - other)).toEqual(drawn)
})

it('ends where it ends, and plays again from the beginning', async () => {
  const changes: boolean[] = []
  player.addEventListener('change', () => changes.push(player.isPlaying))
  player.play()
  await pass(8100)
  expect([drawn.at(-1), player.isPlaying, player.position, changes.at(-1)]).toEqual([8000, false, 8000, false])
  player.play()
  await pass(100)
  expect([player.isPlaying, player.position, drawn.at(-1)]).toEqual([true, 100, 999])
})

it('goes elsewhere', async () => {
  player.seek(6000)
  player.seek(3000)
  await pass(100)
  expect([drawn.at(-1), player.position, player.isPlaying]).toEqual([3000, 3000, false])
})

it('plays nothing where nothing was shown', async () => {
  player.close()
  player = new GuacamolePlayer(drawing(0))
  player.play()
  await pass(100)
  expect([player.isPlaying, player.position]).toEqual([false, 0])
})

it('lets go when it is closed', async () => {
  player.play()
  await pass(100)
  player.close()
  const before = drawn.length
  await pass(9000)
  expect([drawn.length, isClosed]).toEqual([before, true])
})
