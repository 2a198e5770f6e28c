import type { Report, Row } from '../api/activity'

export function row(label: string, seconds: number, different: Partial<Row> = {}): Row {
  return { key: label, label, seconds, share: null, compared_seconds: null, periods: {}, ...different }
}

/** A report of these rows, whose totals are their sums. */
export function report(rows: Row[], different: Partial<Report> = {}): Report {
  return {
    by: 'user',
    period: null,
    first: '2026-02-03',
    last: '2026-03-04',
    zone: 'Europe/Berlin',
    total_seconds: rows.reduce((sum, { seconds }) => sum + seconds, 0),
    compared_total_seconds: null,
    open_seconds: null,
    keys: rows.length,
    totals: {},
    rows,
    rest: null,
    ...different,
  }
}
