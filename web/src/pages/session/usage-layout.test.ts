import { describe, expect, it } from 'vitest'
import { application } from '../../tests/sessions'
import { daysUsed, rowsOf, ticksOf, usedPart } from './usage-layout'

const at = (time: string) => Date.parse(`2026-03-01T${time}Z`)
const day = { start: at('00:00'), end: at('00:00') + 86_400_000 }
const period = (from: string, to: string) => ({ started_at: `2026-03-01T${from}Z`, ended_at: `2026-03-01T${to}Z` })

const editor = application({
  open_periods: [period('09:05:00', '10:20:00')],
  foreground_periods: [period('09:10:00', '09:40:00')],
})
const terminal = application({ application: 'xterm', name: 'XTerm', open_periods: [period('08:50:00', '09:00:00')] })
const unused = application({ application: 'gimp', name: 'GIMP' })

describe('the days', () => {
  it('are those on which something was used, the newest first', () => {
    const night = { started_at: '2026-02-27T23:30:00Z', ended_at: '2026-02-28T00:30:00Z' }
    const all = [editor, application({ open_periods: [night] }), unused]
    expect(daysUsed(all, 'UTC')).toEqual(['2026-03-01', '2026-02-28', '2026-02-27'])
    expect(daysUsed(all, 'Europe/Berlin')).toEqual(['2026-03-01', '2026-02-28'])
  })
})

describe('the rows', () => {
  it('tell open and in front apart, who came first on top', () => {
    const rows = rowsOf([editor, unused, terminal], { start: at('08:00'), end: at('12:00') })
    expect(rows.map(({ name }) => name)).toEqual(['XTerm', 'Mousepad'])
    expect(rows[1]?.pieces.map(({ kind, left, width }) => [kind, left, width])).toEqual([
      ['open', (100 * 65) / 240, (100 * 75) / 240],
      ['foreground', (100 * 70) / 240, 12.5],
    ])
  })

  it('have only what falls into the time, cut to it', () => {
    const [row, ...rest] = rowsOf([editor, terminal], { start: at('09:30'), end: at('10:00') })
    expect(rest).toEqual([])
    expect(row?.pieces.map(({ start, end }) => [start, end])).toEqual([
      [at('09:30'), at('10:00')],
      [at('09:30'), at('09:40')],
    ])
  })
})

describe('the strip', () => {
  it('goes from the quarter of the first use to that of the last', () => {
    expect(usedPart([editor, terminal], day)).toEqual({ start: at('08:45'), end: at('10:30') })
    expect(usedPart([unused], day)).toEqual(day)
  })

  it('names so many times that they do not touch', () => {
    const labels = (from: string, to: string) => ticksOf({ start: at(from), end: at(to) }, 'UTC').map(({ label }) => label)
    expect(labels('08:45', '09:00')).toEqual(['08:45', '08:50', '08:55'])
    expect(labels('08:00', '09:30')).toEqual(['08:00', '08:15', '08:30', '08:45', '09:00', '09:15'])
    expect(labels('08:00', '15:00')).toEqual(['08:00', '09:00', '10:00', '11:00', '12:00', '13:00', '14:00'])
    expect(ticksOf(day, 'UTC')).toHaveLength(8)
    expect(ticksOf(day, 'UTC')[1]).toEqual({ left: 12.5, label: '03:00' })
  })
})
