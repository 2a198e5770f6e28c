import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { memo, useCallback, useState, useSyncExternalStore } from 'react'
import type { SignIn } from '../../api/sign-ins'
import { count } from '../../components/activity/hours'
import table from '../../components/data-table.module.css'
import { columnsFor, type Column } from './columns'
import classes from './on-now.module.css'
import { useSteadyRows, type Row } from '../../components/steady-rows'

const rowHeight = { wide: 38, narrow: 58 }

type Props = { found: SignIn[]; online: ReadonlyMap<string, SignIn>; filter: string }

/** The people found, of whom only the rows in sight are there. None moves while somebody points at them or reads on. */
export function OnNowTable({ found, online, filter }: Props) {
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const [isPointedAt, setIsPointedAt] = useState(false)
  const [top, setTop] = useState(0)
  const { rows, came, left } = useSteadyRows(found, online, useIsScrolled(top) || isPointedAt, filter)
  const columns = columnsFor(isNarrow)
  const measure = useCallback((body: HTMLElement | null) => {
    if (body) setTop(body.getBoundingClientRect().top + window.scrollY)
  }, [])
  return (
    <>
      <div className={classes.bar}>
        <span>{filter === '' ? t`Newest first` : t`${count(found.length)} of ${count(online.size)}, newest first`}</span>
        {(came > 0 || left > 0) && (
          <Button
            variant="light"
            size="compact-sm"
            onClick={() => {
              window.scrollTo({ top: 0 })
            }}
          >
            {t`${count(came)} came, ${count(left)} left · Show`}
          </Button>
        )}
      </div>
      <table className={`${table.table} ${classes.table}`} aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ name, width }) => (
              <th key={name} scope="col" style={{ width }}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody
          ref={measure}
          onPointerEnter={() => {
            setIsPointedAt(true)
          }}
          onPointerLeave={() => {
            setIsPointedAt(false)
          }}
        >
          <Rows rows={rows} columns={columns} height={isNarrow ? rowHeight.narrow : rowHeight.wide} top={top} />
        </tbody>
      </table>
    </>
  )
}

/** Whether somebody has read on past this height of the page. */
function useIsScrolled(top: number): boolean {
  return useSyncExternalStore(
    (onChange) => {
      window.addEventListener('scroll', onChange, { passive: true })
      return () => {
        window.removeEventListener('scroll', onChange)
      }
    },
    () => window.scrollY > top,
  )
}

type RowsProps = { rows: Row<SignIn>[]; columns: Column[]; height: number; top: number }

function Rows({ rows, columns, height, top }: RowsProps) {
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => height,
    scrollMargin: top,
    overscan: 12,
  })
  const items = virtualizer.getVirtualItems()
  return (
    <>
      <Space height={(items[0]?.start ?? top) - top} columns={columns.length} />
      {items.map(({ index }) => {
        const row = rows[index]
        return row && <Line key={row.item.id} row={row} columns={columns} index={index} />
      })}
      <Space height={virtualizer.getTotalSize() + top - (items.at(-1)?.end ?? top)} columns={columns.length} />
    </>
  )
}

type LineProps = { row: Row<SignIn>; columns: Column[]; index: number }

const Line = memo(function Line({ row, columns, index }: LineProps) {
  return (
    <tr className={classes.row} aria-rowindex={index + 2} data-left={row.hasLeft || undefined}>
      {columns.map(({ name, cell }) => (
        <td key={name}>{cell(row)}</td>
      ))}
    </tr>
  )
})

/** Stands for the rows out of sight. */
function Space({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden="true">
      <td className={classes.space} colSpan={columns} style={{ height }} />
    </tr>
  )
}
