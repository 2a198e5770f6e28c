import { describe, expect, it } from 'vitest'
import { application } from '../../tests/sessions'
import { exactly, lastUsed } from './usage'

const period = (ended_at: string) => ({ started_at: '2026-03-01T09:00:00Z', ended_at })

describe('when an application was used last', () => {
  it('is nothing that was never counted', () => {
    expect(lastUsed(application())).toBeNull()
  })

  it('is the latest end, whatever the zone it is told in', () => {
    const used = application({
      open_periods: [period('2026-03-01T12:00:00Z'), period('2026-03-01T12:30:00+01:00')],
      foreground_periods: [period('2026-03-01T11:59:00Z')],
    })
    expect(lastUsed(used)).toBe('2026-03-01T12:00:00Z')
  })
})

it('tells microseconds', () => {
  expect(exactly(4332.152001)).toBe('4,332.152001 seconds')
  expect(exactly(0)).toBe('0 seconds')
})
