import { t } from '@lingui/core/macro'
import { UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconArrowsSort } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { PlaceLink } from '../place-link'
import type { By, Report, Row } from '../../api/activity'
import { count } from './hours'
import { columnsOf, labelColumn, sorted, sortedNext, totalOf, type Column } from './table-columns'
import classes from './hours-table.module.css'

type Props = {
  report: Report
  /** What a row is: "Person". */
  heading: string
  title: string
  sort: string
  onSort: (sort: string) => void
}

/** The numbers of a report: sorted by any column, with the rest and the total below. */
export function HoursTable({ report, heading, title, sort, onSort }: Props) {
  const columns = columnsOf(report)
  const rest = report.rest && { ...report.rest, label: sayRest(report) }
  return (
    // What is wider than the page scrolls, which the keyboard can do only where it has the focus.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.scroller} role="region" aria-label={t`Table: ${title}`} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <Head name={heading} column={labelColumn} sort={sort} onSort={onSort} />
            {columns.map(({ key, name, hint }) => (
              <Head key={key} name={name} hint={hint} column={key} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(report.rows, columns, sort).map((row) => (
            <Line key={String(row.key)} row={row} columns={columns}>
              <Label by={report.by} row={row} />
            </Line>
          ))}
        </tbody>
        <tfoot>
          {rest && (
            <Line row={rest} columns={columns}>
              {rest.label}
            </Line>
          )}
          <Line row={totalOf(report)} columns={columns}>
            {t`Total`}
          </Line>
        </tfoot>
      </table>
    </div>
  )
}

function sayRest({ keys, rows }: Report): string {
  const others = keys - rows.length
  return others > 0 ? t`The rest (${count(others)})` : t`Only in the compared range`
}

type HeadProps = { name: string; hint?: string | undefined; column: string; sort: string; onSort: (sort: string) => void }

function Head({ name, hint, column, sort, onSort }: HeadProps) {
  const direction = sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : 'none'
  const Icon = { ascending: IconArrowUp, descending: IconArrowDown, none: IconArrowsSort }[direction]
  return (
    <th scope="col" aria-sort={direction} title={hint}>
      <UnstyledButton
        className={classes.head}
        onClick={() => {
          onSort(sortedNext(sort, column))
        }}
      >
        {name}
        <Icon size={14} aria-hidden="true" data-sorted={direction !== 'none'} />
      </UnstyledButton>
    </th>
  )
}

function Line({ row, columns, children }: { row: Row; columns: Column[]; children: ReactNode }) {
  return (
    <tr>
      <th scope="row">{children}</th>
      {columns.map((column) => (
        <td key={column.key}>{column.show(row)}</td>
      ))}
    </tr>
  )
}

const places: Partial<Record<By, string>> = { user: '/people', device: '/devices', room: '/rooms' }

function Label({ by, row }: { by: By; row: Row }) {
  const place = places[by]
  return place && row.key !== null ? <PlaceLink to={`${place}/${row.key}`}>{row.label}</PlaceLink> : row.label
}
