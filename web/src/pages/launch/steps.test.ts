import { expect, it } from 'vitest'
import { withoutColours } from './log'
import { timed } from './steps'

const steps = [
  { name: 'Preparing the home', at: '2026-03-01T10:00:00.000Z' },
  { name: 'Starting the desktop', at: '2026-03-01T10:00:00.250Z' },
]

it('times each step up to the next, and the last up to now', () => {
  expect(timed(steps, Date.parse('2026-03-01T10:00:01Z')).map(({ milliseconds }) => milliseconds)).toEqual([250, 750])
})

it('knows no time of the step at which it failed', () => {
  expect(timed(steps, null)).toEqual([
    { name: 'Preparing the home', milliseconds: 250, isLast: false },
    { name: 'Starting the desktop', milliseconds: null, isLast: true },
  ])
})

it('takes the colours of a terminal out of the log', () => {
  expect(withoutColours('\u001b[1;32mtint2: systray\u001b[0m [started]')).toBe('tint2: systray [started]')
})
