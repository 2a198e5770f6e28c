import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { timelineQuery, type Piece, type Report } from '../../api/activity'
import { Panel } from '../panel'
import { PeriodsTable, PiecesTable } from './activity-tables'
import { rangeOf, type ActivityState } from './activity-state'
import { CalendarHeatMap } from './calendar-heat-map'
import { Chart } from './chart'
import { daysOf, sayShortDay } from './dates'
import { spoken } from './hours'
import { Loaded } from './loaded'
import classes from './person-activity.module.css'
import { colourOf } from './series'
import { TimeLineStrip } from './time-line-strip'
import { Twin } from './twin'

type Props = {
  userId: number
  state: ActivityState
  report: Report
  today: string
  linkTo: (day: string) => string
  /** Names in the order of their colours. */
  applications: string[]
  events: string[]
}

/** When it was: strips of a day or a week, bars of a month, the calendar of a year. */
export function Days(props: Props) {
  const { state, report, today, linkTo } = props
  const range = rangeOf(state)
  // Days to come would look like days without any hours.
  const untilToday = range.from <= today && today < range.to ? { from: range.from, to: today } : range
  if (state.view === 'day' || state.view === 'week') return <Strips {...props} />
  return (
    <Panel title={state.view === 'month' ? t`Hours by day` : t`Calendar`}>
      {state.view === 'month' ? (
        <Chart report={report} title={t`Hours by day`} />
      ) : (
        <CalendarHeatMap range={untilToday} totals={report.totals} title={t`Hours by day`} linkTo={linkTo} />
      )}
      <Twin>{() => <PeriodsTable report={report} />}</Twin>
    </Panel>
  )
}

function Strips({ userId, state, report, today, linkTo, applications, events }: Props) {
  const range = rangeOf(state)
  const timeline = useQuery({
    ...timelineQuery({ user_id: userId, from: range.from, to: range.to, zone: state.zone }),
    refetchInterval: 60_000,
  })
  const days = daysOf(range)
  const colour = ({ kind, name }: Piece) => {
    if (kind === 'presence') return 'var(--series-rest)'
    return colourOf((kind === 'event' ? events : applications).indexOf(name))
  }
  return (
    <Panel title={t`Time line`}>
      <Loaded query={timeline} failure={t`The time line could not be loaded`} height={days.length * 96}>
        {(pieces) => (
          <>
            <ol className={classes.strips}>
              {days.map((day) => (
                <li key={day} className={days.length > 1 ? classes.day : undefined}>
                  {days.length > 1 && (
                    <h3>
                      <Link to={linkTo(day)} aria-current={day === today ? 'date' : undefined}>
                        {sayShortDay(day)}
                      </Link>
                      <small>{spoken(report.totals[day] ?? 0)}</small>
                    </h3>
                  )}
                  <TimeLineStrip day={day} zone={state.zone} pieces={pieces} colourOf={colour} />
                </li>
              ))}
            </ol>
            <Twin>{() => <PiecesTable days={days} zone={state.zone} pieces={pieces} />}</Twin>
          </>
        )}
      </Loaded>
    </Panel>
  )
}
