import { aDay, isDay, isZone, sayDay, sayMonth, sayRange, type Range } from './dates'
import { monday } from './ranges'

export const views = ['day', 'week', 'month', 'year'] as const
export type View = (typeof views)[number]

/** Which days of a person are looked at. The page's address says the same. */
export type ActivityState = { view: View; day: string; zone: string }

export function readActivity(address: URLSearchParams, today: string, zone: string): ActivityState {
  const [day, zoneAsked] = [address.get('day'), address.get('zone')]
  return {
    view: views.find((view) => view === address.get('view')) ?? 'week',
    day: isDay(day) ? day : today,
    zone: isZone(zoneAsked) ? zoneAsked : zone,
  }
}

export const writeActivity = (state: ActivityState) => new URLSearchParams(state)

/** The whole day, week, month or year that a day is in. */
export function rangeOf({ view, day }: ActivityState): Range {
  const date = aDay(day)
  const from = { day: date, week: aDay(monday(day)), month: date.with({ day: 1 }), year: date.with({ month: 1, day: 1 }) }[view]
  return { from: from.toString(), to: from.add({ [`${view}s`]: 1 }).subtract({ days: 1 }).toString() }
}

/** A day in the one after, or with -1 in the one before. */
export function step(state: ActivityState, by: 1 | -1): ActivityState {
  const day = aDay(rangeOf(state).from).add({ [`${state.view}s`]: by })
  return { ...state, day: day.toString() }
}

/** What a person calls these days. */
export function titleOf(state: ActivityState): string {
  const names = { day: sayDay(state.day), week: sayRange(rangeOf(state)), month: sayMonth(state.day) }
  return state.view === 'year' ? state.day.slice(0, 4) : names[state.view]
}
