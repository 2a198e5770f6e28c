import type { Report } from '../../api/activity'
import type { View } from './activity-state'
import { sayPlainDay, sayRange, type Range } from './dates'
import { spoken } from './hours'
import classes from './person-activity.module.css'
import { periodBefore } from './ranges'

type Props = { report: Report; view: View; range: Range; today: string }

/** The total on top, beside the time before and a usual day. */
export function Summary({ report, view, range, today }: Props) {
  const before = report.compared_total_seconds ?? 0
  const days = Object.values(report.totals).filter((seconds) => seconds > 0)
  const [longest] = Object.entries(report.totals).toSorted(([, one], [, other]) => other - one)
  return (
    <dl className={classes.summary}>
      <div>
        <dt>Time at computers</dt>
        <dd>
          {spoken(report.total_seconds)}
          <small>{trend(report.total_seconds - before, view, range.to < today)}</small>
        </dd>
      </div>
      <div>
        <dt>The {view} before</dt>
        <dd>
          {spoken(before)}
          <small>{sayRange(periodBefore(range))}</small>
        </dd>
      </div>
      {days.length > 0 && (
        <div>
          <dt>A usual day</dt>
          <dd>
            {spoken(report.total_seconds / days.length)}
            <small>on average of {days.length === 1 ? '1 day' : `${days.length} days`} with any</small>
          </dd>
        </div>
      )}
      {longest && longest[1] > 0 && (
        <div>
          <dt>The longest day</dt>
          <dd>
            {spoken(longest[1])}
            <small>{sayPlainDay(longest[0])}</small>
          </dd>
        </div>
      )}
    </dl>
  )
}

/** A time that is not over is not less than the whole one before: it is not told yet. */
function trend(difference: number, view: View, isOver: boolean): string {
  if (!isOver) return `This ${view} is not over`
  if (Math.abs(difference) < 60) return `As long as the ${view} before`
  return `${difference > 0 ? '▲' : '▼'} ${spoken(Math.abs(difference))} ${difference > 0 ? 'more' : 'less'} than the ${view} before`
}
