import { t } from '@lingui/core/macro'
import type { Period, Report, Row } from '../../api/activity'
import { aDay, sayMonth, sayPlainDay, sayShortDay } from './dates'
import { colourOf, colourOfRest, mostSeries } from './series'

type Series = { name: string; label: string; color: string }
type Bars = { data: Record<string, string | number>[]; series: Series[] }

const asHours = (seconds: number) => seconds / 3600

/** The rows with the most hours, and all others as one. */
export function withRest(report: Report): { top: Row[]; rest: Row | null } {
  const top = report.rows.slice(0, mostSeries)
  const others = [...report.rows.slice(mostSeries), ...(report.rest ? [report.rest] : [])]
  return { top, rest: others.length > 0 ? together(others, report) : null }
}

function together(rows: Row[], report: Report): Row {
  const sum = (of: (row: Row) => number) => rows.reduce((whole, row) => whole + of(row), 0)
  const days = Object.keys(report.totals)
  return {
    key: null,
    label: t`The rest`,
    seconds: sum(({ seconds }) => seconds),
    share: null,
    compared_seconds: report.compared_total_seconds === null ? null : sum((row) => row.compared_seconds ?? 0),
    periods: Object.fromEntries(days.map((day) => [day, sum(({ periods }) => periods[day] ?? 0)])),
  }
}

/** A bar for each period, stacked of the rows. */
export function periodsOf(report: Report): Bars {
  const { top, rest } = withRest(report)
  const rows = rest ? [...top, rest] : top
  const series = rows.map((row, place) => ({
    name: `row${place}`,
    label: row.label,
    color: row === rest ? colourOfRest : colourOf(place),
  }))
  const data = Object.keys(report.totals).map((day) => ({
    name: sayPeriod(day, report.period ?? 'day'),
    ...Object.fromEntries(rows.map(({ periods }, place) => [`row${place}`, asHours(periods[day] ?? 0)])),
  }))
  return { data, series }
}

/** A bar for each row; a second one for the range that it is compared with. Beside the rest all would be tiny. */
export function barsOf(report: Report): Bars {
  const compares = report.compared_total_seconds !== null
  return {
    series: [
      { name: 'now', label: t`This range`, color: colourOf(0) },
      ...(compares ? [{ name: 'before', label: t`Compared range`, color: colourOf(4) }] : []),
    ],
    data: report.rows.map(({ label, seconds, compared_seconds }) => ({
      name: label,
      now: asHours(seconds),
      ...(compares && { before: asHours(compared_seconds ?? 0) }),
    })),
  }
}

/** What a period is called by its first day. */
export function sayPeriod(day: string, period: Period): string {
  switch (period) {
    case 'day':
      return sayShortDay(day)
    case 'week':
      return t`Week ${aDay(day).weekOfYear ?? ''}, ${sayPlainDay(day)}`
    case 'month':
      return sayMonth(day)
    case 'year':
      return day.slice(0, 4)
  }
}
