import { beforeEach, expect, it, vi } from 'vitest'
import { learnServerTime, serverNow } from './clock'

const noon = Date.parse('2026-03-01T12:00:00Z')
const sentAt = (date: string) => new Response(null, { headers: { Date: date } })

beforeEach(() => {
  vi.useFakeTimers({ now: noon })
  learnServerTime(sentAt('Sun, 01 Mar 2026 12:00:00 GMT'))
})

it('follows a server whose clock is ahead', () => {
  learnServerTime(sentAt('Sun, 01 Mar 2026 12:10:00 GMT'))
  expect(serverNow()).toBe(noon + 600_000)
  vi.advanceTimersByTime(5_000)
  expect(serverNow()).toBe(noon + 605_000)
})

it('makes nothing of a difference that the header cannot show', () => {
  learnServerTime(sentAt('Sun, 01 Mar 2026 11:59:59 GMT'))
  expect(serverNow()).toBe(noon)
})

it('keeps what it knows when an answer has no date', () => {
  learnServerTime(sentAt('Sun, 01 Mar 2026 12:10:00 GMT'))
  learnServerTime(new Response())
  expect(serverNow()).toBe(noon + 600_000)
})
