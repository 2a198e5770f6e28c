import { t } from '@lingui/core/macro'
import type { Piece, Report } from '../../api/activity'
import { sayPeriod } from './chart-data'
import { boundsOf, clockTime, sayShortDay } from './dates'
import { hours, spoken } from './hours'
import { cut, lanes, place } from './strip-layout'

/** The hours of each period of a report. */
export function PeriodsTable({ report }: { report: Report }) {
  const period = report.period ?? 'day'
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{{ day: t`Day`, week: t`Week`, month: t`Month`, year: t`Year` }[period]}</th>
          <th scope="col" data-number>
            {t`Time`}
          </th>
          <th scope="col" data-number>
            {t`Hours`}
          </th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(report.totals).map(([day, seconds]) => (
          <tr key={day}>
            <th scope="row">{sayPeriod(day, period)}</th>
            <td data-number>{spoken(seconds)}</td>
            <td data-number>{hours(seconds)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Every interval of some days, as the strips show them. */
export function PiecesTable({ days, zone, pieces }: { days: string[]; zone: string; pieces: Piece[] }) {
  return (
    <table>
      <thead>
        <tr>
          {[t`Day`, t`From`, t`To`, t`Kind`, t`Name`, t`Device`].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
          <th scope="col" data-number>
            {t`Time`}
          </th>
        </tr>
      </thead>
      <tbody>
        {days.flatMap((day) => linesOf(day, zone, pieces).map(({ key, ...line }) => <PieceLine key={key} {...line} />))}
      </tbody>
    </table>
  )
}

type Line = { key: string; day: string; kind: string; piece: Piece; from: string; to: string; seconds: number }

function linesOf(day: string, zone: string, pieces: Piece[]): Line[] {
  const bounds = boundsOf(day, zone)
  return lanes().flatMap(({ kind, name }) =>
    place(pieces, kind, bounds).map(({ piece }, number) => {
      const { start, end } = cut(piece, bounds)
      const times = { from: clockTime(start, zone), to: clockTime(end, zone), seconds: (end - start) / 1000 }
      return { key: `${day} ${kind} ${number}`, day, kind: name, piece, ...times }
    }),
  )
}

function PieceLine({ day, kind, piece, from, to, seconds }: Omit<Line, 'key'>) {
  return (
    <tr>
      <th scope="row">{sayShortDay(day)}</th>
      <td>{from}</td>
      <td>{to}</td>
      <td>{kind}</td>
      <td>{piece.name === '' ? '–' : piece.name}</td>
      <td>{piece.device}</td>
      <td data-number>{spoken(seconds)}</td>
    </tr>
  )
}
