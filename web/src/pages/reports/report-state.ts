import { plural, t } from '@lingui/core/macro'
import type { By, HoursQuestion, Period } from '../../api/activity'
import type { User } from '../../api/client'
import { may } from '../../api/rights'
import { addDays, isDay, isZone, type Range } from '../../components/activity/dates'
import { comparisonOf } from '../../components/activity/ranges'
import { inOwnLanguage } from '../../components/own-language'

export const kinds = inOwnLanguage((): { by: By; name: string; title: string; counted: (keys: number) => string }[] => [
  { by: 'user', name: t`Person`, title: t`Hours by person`, counted: (keys) => plural(keys, { one: '# person', other: '# people' }) },
  { by: 'device', name: t`Device`, title: t`Hours by device`, counted: (keys) => plural(keys, { one: '# device', other: '# devices' }) },
  { by: 'room', name: t`Room`, title: t`Hours by room`, counted: (keys) => plural(keys, { one: '# room', other: '# rooms' }) },
  { by: 'event', name: t`Event`, title: t`Hours by event`, counted: (keys) => plural(keys, { one: '# event', other: '# events' }) },
  { by: 'application', name: t`Application`, title: t`Hours by application`, counted: (keys) => plural(keys, { one: '# application', other: '# applications' }) },
  { by: 'template', name: t`Template`, title: t`Hours by template`, counted: (keys) => plural(keys, { one: '# template', other: '# templates' }) },
])
export const periods = inOwnLanguage((): { period: Period; name: string }[] => [
  { period: 'day', name: t`By day` },
  { period: 'week', name: t`By week` },
  { period: 'month', name: t`By month` },
  { period: 'year', name: t`By year` },
])
export const limits = [5, 10, 25, 50, 100]

/** Who and what a report is narrowed to. */
export type Filters = {
  user_id: number | null
  device_id: number | null
  room_id: number | null
  event: string | null
  application: string | null
}

/** All that is chosen on the page of reports. Its address says the same. */
export type ReportState = Range &
  Filters & {
    by: By
    period: Period | null
    zone: string
    compare_from: string | null
    compare_to: string | null
    limit: number
    /** The column that the table is sorted by, with a minus for the largest first. */
    sort: string
  }

export const mostHoursFirst = '-hours'

/** What an address asks for; what it leaves out or can't mean is as it is at first: the last 30 days by `rows`. */
export function readState(address: URLSearchParams, today: string, zone: string): ReportState {
  const text = (name: string) => address.get(name)
  const asked = { from: text('from'), to: text('to') }
  const range = isRange(asked) ? asked : { from: addDays(today, -29), to: today }
  const compared = { from: text('compare_from'), to: text('compare_to') }
  const zoneAsked = text('zone')
  return {
    by: kinds().find(({ by }) => by === text('by'))?.by ?? 'user',
    period: periods().find(({ period }) => period === text('period'))?.period ?? null,
    from: range.from,
    to: range.to,
    zone: isZone(zoneAsked) ? zoneAsked : zone,
    user_id: key(text('user_id')),
    device_id: key(text('device_id')),
    room_id: key(text('room_id')),
    event: text('event') || null,
    application: text('application') || null,
    compare_from: isRange(compared) ? compared.from : null,
    compare_to: isRange(compared) ? compared.to : null,
    limit: limitOf(text('limit')),
    sort: text('sort') || mostHoursFirst,
  }
}

function isRange(range: { from: string | null; to: string | null }): range is Range {
  return isDay(range.from) && isDay(range.to) && range.from <= range.to
}

const mostRows = 1000

function limitOf(text: string | null): number {
  const limit = Number(text)
  return Number.isInteger(limit) && limit >= 1 && limit <= mostRows ? limit : 10
}

function key(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** The address of a report, without what is left open. */
export function writeState(state: ReportState): URLSearchParams {
  return new URLSearchParams(
    Object.entries(state)
      .filter(([, value]) => value !== null)
      .map(([name, value]): [string, string] => [name, String(value)]),
  )
}

/** Whether a report is on several people by somebody who sees each of them, but not everyone: it tells of no few. */
export function isOfTeam(user: Pick<User, 'rights'>, { user_id }: Pick<ReportState, 'user_id'>): boolean {
  return user_id === null && !may(user, 'activity:read', 'all')
}

/** The rows that somebody is told of: of a team none are people. */
export function kindsFor(user: Pick<User, 'rights'>, state: Pick<ReportState, 'user_id'>): ReturnType<typeof kinds> {
  return isOfTeam(user, state) ? kinds().filter(({ by }) => by !== 'user') : kinds()
}

/** The same report, by rooms where it would be one on people that is not told. */
export function withTold(user: Pick<User, 'rights'>, state: ReportState): ReportState {
  return kindsFor(user, state).some(({ by }) => by === state.by) ? state : withRows(state, 'room')
}

/** What the server is asked: all but the order of the table. */
export function questionOf(state: ReportState): HoursQuestion {
  const asked = Object.entries(state).filter(([name, value]) => name !== 'sort' && value !== null)
  return Object.fromEntries(asked) as HoursQuestion
}

/** The range that a report is compared with. */
export function comparedRange({ compare_from, compare_to }: ReportState): Range | null {
  return compare_from !== null && compare_to !== null ? { from: compare_from, to: compare_to } : null
}

/** Another range, and the comparison goes with it where it followed from the range. */
export function withRange(state: ReportState, range: Range): ReportState {
  const compared = comparedRange(state)
  const comparison = compared && comparisonOf(state, compared)
  const moved = comparison ? comparison.range(range) : compared
  return withComparison({ ...state, ...range }, moved)
}

export function withComparison(state: ReportState, compared: Range | null): ReportState {
  return { ...state, compare_from: compared?.from ?? null, compare_to: compared?.to ?? null }
}

/** Other rows; a filter that they can't be combined with goes. */
export function withRows(state: ReportState, by: By): ReportState {
  return {
    ...state,
    by,
    event: by === 'application' ? null : state.event,
    application: by === 'event' ? null : state.application,
    sort: mostHoursFirst,
  }
}

/** How the hours of such rows are counted, in a sentence. */
export function howCounted({ by, event, application }: ReportState): string {
  if (by === 'application' || (application !== null && by === 'user'))
    return t`An application’s hours are a sum: two people, or two computers, at once count twice. Only time in the foreground counts.`
  if (by === 'device') return t`A device’s hours are a union: two people at it at once count once.`
  if (by === 'room' || by === 'template')
    return t`The hours of a ${by} are the sum of its devices; at each device, people at the same time count once.`
  if (by === 'event' || event !== null)
    return t`An event’s hours are added up over people; one person on two devices at once counts once.`
  return t`A person’s hours are a union: two devices at once count once. The total adds people up.`
}
