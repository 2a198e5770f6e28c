import { t } from '@lingui/core/macro'
import type { Report, Row } from '../../api/activity'
import { inOwnLanguage } from '../own-language'
import { sayPeriod } from './chart-data'
import { change, hours, share, signedHours } from './hours'

/** A column of numbers: how it is shown, and what it is sorted by. */
export type Column = {
  key: string
  name: string
  /** What the name leaves out. */
  hint?: string
  value: (row: Row) => number | null
  show: (row: Row) => string
}

const nothing = '–'

/** The columns of a report: hours and shares, what they are compared with, and a column for each period. */
export function columnsOf(report: Report): Column[] {
  return [
    { key: 'hours', name: t`Hours`, value: ({ seconds }) => seconds, show: ({ seconds }) => hours(seconds) },
    shareOfAll(report),
    ...(report.rows.some((row) => row.share !== null) ? [shareOfOpening()] : []),
    ...(report.compared_total_seconds === null ? [] : comparison()),
    ...Object.keys(report.totals).map((day) => period(day, report)),
  ]
}

function shareOfAll({ total_seconds }: Report): Column {
  const value = ({ seconds }: Row) => (total_seconds > 0 ? seconds / total_seconds : null)
  return { key: 'share', name: t`Of all`, value, show: (row) => asShare(value(row)) }
}

const asShare = (part: number | null) => (part === null ? nothing : share(part))

const shareOfOpening = inOwnLanguage((): Column => ({
  key: 'opening',
  name: t`Of opening hours`,
  hint: t`Of the opening hours of its computers in this range`,
  value: (row) => row.share,
  show: (row) => asShare(row.share),
}))

const before = ({ compared_seconds }: Row) => compared_seconds ?? 0
const difference = (row: Row) => row.seconds - before(row)

const comparison = inOwnLanguage((): Column[] => [
  { key: 'before', name: t`Compared hours`, value: before, show: (row) => hours(before(row)) },
  { key: 'difference', name: t`Difference`, value: difference, show: (row) => signedHours(difference(row)) },
  {
    key: 'change',
    name: t`Change`,
    value: (row) => (before(row) > 0 ? row.seconds / before(row) : null),
    show: (row) => change(row.seconds, before(row)),
  },
])

function period(day: string, report: Report): Column {
  const value = ({ periods }: Row) => periods[day] ?? 0
  return { key: day, name: sayPeriod(day, report.period ?? 'day'), value, show: (row) => hours(value(row)) }
}

export const labelColumn = 'label'

/** The rows in the order that a column says, with a minus the largest first; what has no number comes last. */
export function sorted(rows: Row[], columns: Column[], sort: string): Row[] {
  const isDescending = sort.startsWith('-')
  const name = isDescending ? sort.slice(1) : sort
  const sign = isDescending ? -1 : 1
  if (name === labelColumn) return rows.toSorted((one, other) => sign * compareLabels(one, other))
  const column = columns.find(({ key }) => key === name)
  return column ? rows.toSorted((one, other) => compareNumbers(column.value(one), column.value(other), sign)) : rows
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
const compareLabels = (one: Row, other: Row) => collator.compare(one.label, other.label)

function compareNumbers(one: number | null, other: number | null, sign: number): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null)
  return sign * (one - other)
}

/** The order after a press on a column's head: largest first, then smallest; names from A first. */
export function sortedNext(sort: string, key: string): string {
  if (key === labelColumn) return sort === key ? `-${key}` : key
  return sort === `-${key}` ? key : `-${key}`
}

/** The sums of a report as a row. */
export function totalOf(report: Report): Row {
  return {
    key: null,
    label: t`Total`,
    seconds: report.total_seconds,
    share: null,
    compared_seconds: report.compared_total_seconds,
    periods: report.totals,
  }
}
