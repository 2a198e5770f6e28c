import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { report, row } from '../../tests/reports'
import { columnsOf, sorted, sortedNext, totalOf } from './table-columns'

const hour = 3600
const names = (...args: Parameters<typeof sorted>) => sorted(...args).map(({ label }) => label)

describe('the columns', () => {
  it('are hours and shares, where nothing more was asked', () => {
    expect(columnsOf(report([row('ada', hour)])).map(({ name }) => name)).toEqual(['Hours', 'Of all'])
  })

  it('tell of opening hours, of what is compared, and of each period', () => {
    const found = report([row('Lab', 3 * hour, { share: 0.3, compared_seconds: 2 * hour, periods: { '2026-03-02': 3 * hour } })], {
      by: 'room',
      period: 'day',
      compared_total_seconds: 2 * hour,
      totals: { '2026-03-01': 0, '2026-03-02': 3 * hour },
    })
    const columns = columnsOf(found)
    const line = (shown: Parameters<(typeof columns)[0]['show']>[0]) => columns.map(({ show }) => show(shown))
    expect(columns.map(({ name }) => name).slice(0, 6)).toEqual([
      'Hours',
      'Of all',
      'Of opening hours',
      'Compared hours',
      'Difference',
      'Change',
    ])
    expect(line(row('Lab', 3 * hour, found.rows[0]))).toEqual(['3.00', '100.0%', '30.0%', '2.00', '+1.00', '+50%', '0.00', '3.00'])
    expect(line(totalOf(found))).toEqual(['3.00', '100.0%', '–', '2.00', '+1.00', '+50%', '0.00', '3.00'])
  })

  it('say nothing where there is nothing to divide by', () => {
    const found = report([row('ada', 0, { compared_seconds: 0 })], { compared_total_seconds: 0 })
    expect(columnsOf(found).map(({ show }) => show(row('ada', 0, { compared_seconds: 0 })))).toEqual(['0.00', '–', '0.00', '0.00', '–'])
  })
})

describe('the order', () => {
  const rows = [row('pc-10', 2, { compared_seconds: 0 }), row('pc-9', 3, { compared_seconds: 1 }), row('PC-1', 1, { compared_seconds: 4 })]
  const columns = columnsOf(report(rows, { compared_total_seconds: 5 }))

  it.each([
    ['-hours', ['pc-9', 'pc-10', 'PC-1']],
    ['hours', ['PC-1', 'pc-10', 'pc-9']],
    ['label', ['PC-1', 'pc-9', 'pc-10']],
    ['-label', ['pc-10', 'pc-9', 'PC-1']],
    ['-change', ['pc-9', 'PC-1', 'pc-10']],
    ['change', ['PC-1', 'pc-9', 'pc-10']],
    ['weather', ['pc-10', 'pc-9', 'PC-1']],
  ])('by %s is %s', (sort, labels) => {
    expect(names(rows, columns, sort)).toEqual(labels)
  })

  it('never loses a row', () => {
    const any = fc.array(fc.tuple(fc.string(), fc.nat()).map(([label, seconds]) => row(label, seconds)))
    fc.assert(
      fc.property(any, fc.constantFrom('label', '-label', 'hours', '-hours', 'share'), (all, sort) => {
        expect(new Set(sorted(all, columnsOf(report(all)), sort))).toEqual(new Set(all))
      }),
    )
  })

  it('turns around at a second press', () => {
    expect([sortedNext('label', 'hours'), sortedNext('-hours', 'hours'), sortedNext('hours', 'hours')]).toEqual(['-hours', 'hours', '-hours'])
    expect([sortedNext('-hours', 'label'), sortedNext('label', 'label')]).toEqual(['label', '-label'])
  })
})
