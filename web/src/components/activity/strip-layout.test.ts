import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Piece } from '../../api/activity'
import { boundsOf } from './dates'
import { place, ticksOf } from './strip-layout'

const piece = (start: string, end: string, different: Partial<Piece> = {}): Piece => ({
  kind: 'application',
  name: 'Writer',
  device_id: 1,
  device: 'pc-1',
  start,
  end,
  ...different,
})

const shown = (pieces: Piece[], day: string, zone: string) =>
  place(pieces, 'application', boundsOf(day, zone)).map(({ left, width, track }) => ({ left, width, track }))

describe('a piece on a strip', () => {
  it('stands where its time is in the day', () => {
    expect(shown([piece('2026-03-04T06:00:00Z', '2026-03-04T12:00:00Z')], '2026-03-04', 'UTC')).toEqual([
      { left: 25, width: 25, track: 0 },
    ])
  })

  it.each([
    ['2026-03-29', 100 / 23],
    ['2026-10-25', 100 / 25],
  ])('is as wide as its hour on %s, when the clock changes', (day, width) => {
    const { start } = boundsOf(day, 'Europe/Berlin')
    const time = (hours: number) => new Date(start + hours * 3_600_000).toISOString()
    const [first] = shown([piece(time(2), time(3))], day, 'Europe/Berlin')
    expect(first?.width).toBeCloseTo(width)
    expect(first?.left).toBeCloseTo(2 * width)
  })

  it('is cut where the day begins and ends, and left out where it is of another', () => {
    const pieces = [
      piece('2026-03-03T18:00:00Z', '2026-03-04T06:00:00Z'),
      piece('2026-03-04T18:00:00Z', '2026-03-05T06:00:00Z'),
      piece('2026-03-05T00:00:00Z', '2026-03-05T06:00:00Z'),
      piece('2026-03-04T08:00:00Z', '2026-03-04T09:00:00Z', { kind: 'open-application' }),
    ]
    expect(shown(pieces, '2026-03-04', 'UTC')).toEqual([
      { left: 0, width: 25, track: 0 },
      { left: 75, width: 25, track: 0 },
    ])
  })

  it('gets a track of its own while another is there', () => {
    const pieces = [
      piece('2026-03-04T00:00:00Z', '2026-03-04T12:00:00Z'),
      piece('2026-03-04T06:00:00Z', '2026-03-04T18:00:00Z', { device: 'pc-2' }),
      piece('2026-03-04T12:00:00Z', '2026-03-04T18:00:00Z'),
    ]
    expect(shown(pieces, '2026-03-04', 'UTC').map(({ track }) => track)).toEqual([0, 1, 0])
  })

  it('never lies over another, nor outside of the day', () => {
    const minutes = fc.integer({ min: -600, max: 2400 })
    const any = fc.tuple(minutes, fc.integer({ min: 1, max: 900 })).map(([start, length]) => {
      const time = (minute: number) => new Date(Date.parse('2026-03-04T00:00:00Z') + minute * 60_000).toISOString()
      return piece(time(start), time(start + length))
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (pieces) => {
        const all = place(pieces, 'application', boundsOf('2026-03-04', 'UTC'))
        for (const [number, one] of all.entries()) {
          expect(one.left).toBeGreaterThanOrEqual(0)
          expect(one.left + one.width).toBeLessThanOrEqual(100 + 1e-9)
          for (const other of all.slice(number + 1).filter(({ track }) => track === one.track))
            expect(other.left).toBeGreaterThanOrEqual(one.left + one.width - 1e-9)
        }
      }),
    )
  })
})

describe('the hours below a strip', () => {
  const labels = (day: string) => ticksOf(day, 'Europe/Berlin').map(({ label }) => label)

  it('are every third', () => {
    expect(labels('2026-03-04')).toEqual(['00:00', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00', '21:00'])
  })

  it('stand where they are when the clock changes', () => {
    const noon = (day: string) => ticksOf(day, 'Europe/Berlin').find(({ label }) => label === '12:00')?.left
    expect(noon('2026-03-29')).toBeCloseTo((100 * 11) / 23)
    expect(noon('2026-10-25')).toBeCloseTo((100 * 13) / 25)
    expect(labels('2026-10-25')).toHaveLength(8)
  })
})
