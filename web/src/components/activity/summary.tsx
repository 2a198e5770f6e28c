import type { Report } from '../../api/activity'
import type { View } from './activity-state'
import { sayPlainDay, sayRange, type Range } from './dates'
import { spoken } from './hours'
import { periodBefore } from './ranges'
import { Tile, Tiles } from './tiles'

type Props = { report: Report; view: View; range: Range; today: string }

/** The total on top, beside the time before and a usual day. */
export function Summary({ report, view, range, today }: Props) {
  const before = report.compared_total_seconds ?? 0
  const days = Object.values(report.totals).filter((seconds) => seconds > 0)
  const [longest] = Object.entries(report.totals).toSorted(([, one], [, other]) => other - one)
  return (
    <Tiles>
      <Tile
        name="Time at computers"
        value={spoken(report.total_seconds)}
        note={trend(report.total_seconds - before, view, range.to < today)}
      />
      <Tile name={`The ${view} before`} value={spoken(before)} note={sayRange(periodBefore(range))} />
      {days.length > 0 && (
        <Tile
          name="A usual day"
          value={spoken(report.total_seconds / days.length)}
          note={`on average of ${days.length === 1 ? '1 day' : `${days.length} days`} with any`}
        />
      )}
      {longest && longest[1] > 0 && (
        <Tile name="The longest day" value={spoken(longest[1])} note={sayPlainDay(longest[0])} />
      )}
    </Tiles>
  )
}

/** A time that is not over is not less than the whole one before: it is not told yet. */
function trend(difference: number, view: View, isOver: boolean): string {
  if (!isOver) return `This ${view} is not over`
  if (Math.abs(difference) < 60) return `As long as the ${view} before`
  return `${difference > 0 ? '▲' : '▼'} ${spoken(Math.abs(difference))} ${difference > 0 ? 'more' : 'less'} than the ${view} before`
}
