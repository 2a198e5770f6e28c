import { t } from '@lingui/core/macro'
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { hoursQuery, type By, type HoursQuestion } from '../../api/activity'
import { lengthInDays, sayPlainDay, sayRange } from '../../components/activity/dates'
import { change, count, hours, signedHours } from '../../components/activity/hours'
import { periodBefore } from '../../components/activity/ranges'
import { inOwnLanguage } from '../../components/own-language'
import { Tile, Tiles } from '../../components/activity/tiles'
import classes from './reports.module.css'
import { comparedRange, questionOf, type ReportState } from './report-state'

const mostDays = 400

/** The whole at a glance, beside the range that it is compared with, or else the one before. */
export function Overview({ state }: { state: ReportState }) {
  const before = comparedRange(state) ?? periodBefore(state)
  const asked = lengthInDays(state) <= mostDays ? ('day' as const) : null
  const people = useQuery(hoursQuery(question(state, 'user', { period: asked }))).data
  const peopleBefore = useQuery(hoursQuery(question(state, 'user', before))).data
  const devices = useQuery(hoursQuery(question(state, 'device'))).data
  const devicesBefore = useQuery(hoursQuery(question(state, 'device', before))).data
  const [busiest] = Object.entries(people?.totals ?? {}).toSorted(([, one], [, other]) => other - one)
  return (
    <section aria-label={t`Overview`}>
      <Tiles>
        <Figure name={t`Hours of people`} value={people && hours(people.total_seconds)}>
          {people && peopleBefore && trend(people.total_seconds, peopleBefore.total_seconds, signedHours)}
        </Figure>
        <Figure name={t`People`} value={people && count(people.keys)}>
          {people && peopleBefore && trend(people.keys, peopleBefore.keys, signedCount)}
        </Figure>
        <Figure name={t`Computers used`} value={devices && count(devices.keys)}>
          {devices && devicesBefore && trend(devices.keys, devicesBefore.keys, signedCount)}
        </Figure>
        {asked && (
          <Figure name={t`Busiest day`} value={people && (busiest && busiest[1] > 0 ? sayPlainDay(busiest[0]) : t({ message: 'None', context: 'a room or a day' }))}>
            {busiest && busiest[1] > 0 && t`${hours(busiest[1])} h of people`}
          </Figure>
        )}
      </Tiles>
      <p className={classes.than}>{t`Arrows compare with ${sayRange(before)}.`}</p>
    </section>
  )
}

function question(state: ReportState, by: By, different: Partial<HoursQuestion> = {}): HoursQuestion {
  const asked = questionOf({ ...state, period: null, compare_from: null, compare_to: null })
  return { ...asked, by, limit: 1, ...different }
}

const signedNumber = inOwnLanguage((language) => new Intl.NumberFormat(language, { signDisplay: 'exceptZero' }))
const signedCount = (number: number) => signedNumber().format(number)

function trend(now: number, before: number, say: (difference: number) => string): string {
  if (now === before) return t`As before`
  if (before === 0) return t`None before`
  return `${now > before ? '▲' : '▼'} ${say(now - before)} (${change(now, before)})`
}

type FigureProps = { name: string; value: string | undefined; children: ReactNode }

function Figure({ name, value, children }: FigureProps) {
  return (
    <Tile
      name={name}
      value={value ?? <Skeleton height={32} width={110} aria-hidden="true" />}
      note={children ?? ' '}
    />
  )
}
