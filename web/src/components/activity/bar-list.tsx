import { t } from '@lingui/core/macro'
import type { Report } from '../../api/activity'
import { Panel } from '../panel'
import classes from './bar-list.module.css'
import { spoken } from './hours'
import { colourOf, colourOfRest } from './series'

type Props = { title: string; heading: string; report: Report; empty: string; isColoured?: boolean }

/** What took the most time, each with a bar: a table that is its own chart. */
export function BarList({ title, heading, report, empty, isColoured = false }: Props) {
  const others = report.rest && { ...report.rest, label: t`Others` }
  const rows = others ? [...report.rows, others] : report.rows
  const longest = Math.max(...rows.map(({ seconds }) => seconds))
  return (
    <Panel title={title}>
      {rows.length === 0 && <p className={classes.empty}>{empty}</p>}
      {rows.length > 0 && (
        <table className={classes.list}>
          <thead>
            <tr>
              <th scope="col">{heading}</th>
              <th scope="col">{t`Time`}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <tr key={row.label}>
                <th scope="row">
                  <span className={classes.label} title={row.label}>
                    {row.label}
                  </span>
                  <span
                    className={classes.bar}
                    style={{
                      inlineSize: `${(100 * row.seconds) / longest}%`,
                      background: row === others ? colourOfRest : colourOf(isColoured ? place : 0),
                    }}
                  />
                </th>
                <td>{spoken(row.seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
