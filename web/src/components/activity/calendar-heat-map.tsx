import { t } from '@lingui/core/macro'
import { VisuallyHidden } from '@mantine/core'
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { Link } from 'react-router'
import { sayDay, type Range } from './dates'
import { dayByKey, levelOf, monthsOf, shades, weekdays, weeksOf } from './heat-map-layout'
import classes from './calendar-heat-map.module.css'
import { spoken } from './hours'

type Props = {
  range: Range
  /** Seconds by day. */
  totals: Record<string, number>
  title: string
  linkTo: (day: string) => string
}

/** A square for each day, darker with more hours. Each leads to its day; the arrow keys go from day to day. */
export function CalendarHeatMap({ range, totals, title, linkTo }: Props) {
  const [chosen, setChosen] = useState<string | null>(null)
  const table = useRef<HTMLTableElement>(null)
  const scroller = useScrolledToEnd(range.to)
  const entrance = chosen !== null && chosen >= range.from && chosen <= range.to ? chosen : range.to
  const move = (event: KeyboardEvent) => {
    const day = dayByKey(event.key, entrance, range)
    if (day === null) return
    event.preventDefault()
    event.stopPropagation()
    setChosen(day)
    table.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus()
  }
  return (
    <div className={classes.map}>
      <div ref={scroller} className={classes.scroller}>
        {/* A grid of links is what ARIA has for this: one stop of Tab, and arrow keys within. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role */}
        <table ref={table} role="grid" aria-label={title} onKeyDown={move}>
          <thead>
            <tr>
              <th scope="col">
                <VisuallyHidden>{t`Weekday`}</VisuallyHidden>
              </th>
              {monthsOf(range).map(({ name, weeks }, number) => (
                <th key={number} scope="colgroup" colSpan={weeks}>
                  {weeks > 1 && name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeksOf(range).map((days, row) => (
              <tr key={weekdays()[row]}>
                <th scope="row">
                  <span aria-hidden="true">{row % 2 === 0 && weekdays()[row]?.slice(0, 3)}</span>
                  <VisuallyHidden>{weekdays()[row]}</VisuallyHidden>
                </th>
                {days.map((day, week) => (
                  <td key={week}>
                    {day !== null && (
                      <Link
                        to={linkTo(day)}
                        data-day={day}
                        data-level={levelOf(totals[day] ?? 0)}
                        tabIndex={day === entrance ? 0 : -1}
                        title={`${sayDay(day)}: ${spoken(totals[day] ?? 0)}`}
                        aria-label={`${sayDay(day)}: ${spoken(totals[day] ?? 0)}`}
                        onFocus={() => {
                          setChosen(day)
                        }}
                      />
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Legend />
    </div>
  )
}

/** Where not all of it has room, the newest days are seen first. */
function useScrolledToEnd(end: string) {
  const scroller = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollLeft = scroller.current.scrollWidth
  }, [end])
  return scroller
}

function Legend() {
  return (
    <ul className={classes.legend} aria-label={t`Shades`}>
      {shades().map(({ level, name }) => (
        <li key={level}>
          <span data-level={level} /> {name}
        </li>
      ))}
    </ul>
  )
}
