import { plural, t } from '@lingui/core/macro'
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
        name={t`Time at computers`}
        value={spoken(report.total_seconds)}
        note={trend(report.total_seconds - before, view, range.to < today)}
      />
      <Tile name={befores()[view]} value={spoken(before)} note={sayRange(periodBefore(range))} />
      {days.length > 0 && (
        <Tile
          name={t`A usual day`}
          value={spoken(report.total_seconds / days.length)}
          note={plural(days.length, { one: 'on average of # day with any', other: 'on average of # days with any' })}
        />
      )}
      {longest && longest[1] > 0 && (
        <Tile name={t`The longest day`} value={spoken(longest[1])} note={sayPlainDay(longest[0])} />
      )}
    </Tiles>
  )
}

/** A time that is not over is not less than the whole one before: it is not told yet. */
function trend(difference: number, view: View, isOver: boolean): string {
  if (!isOver) return unfinished()[view]
  if (Math.abs(difference) < 60) return same()[view]
  const time = spoken(Math.abs(difference))
  return difference > 0 ? `▲ ${more(time)[view]}` : `▼ ${less(time)[view]}`
}

type Words = Record<View, string>

const befores = (): Words => ({ day: t`The day before`, week: t`The week before`, month: t`The month before`, year: t`The year before` })
const unfinished = (): Words => ({
  day: t`This day is not over`,
  week: t`This week is not over`,
  month: t`This month is not over`,
  year: t`This year is not over`,
})
const same = (): Words => ({
  day: t`As long as the day before`,
  week: t`As long as the week before`,
  month: t`As long as the month before`,
  year: t`As long as the year before`,
})
const more = (time: string): Words => ({
  day: t`${time} more than the day before`,
  week: t`${time} more than the week before`,
  month: t`${time} more than the month before`,
  year: t`${time} more than the year before`,
})
const less = (time: string): Words => ({
  day: t`${time} less than the day before`,
  week: t`${time} less than the week before`,
  month: t`${time} less than the month before`,
  year: t`${time} less than the year before`,
})
