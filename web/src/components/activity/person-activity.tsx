import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSearchParams } from 'react-router'
import { hoursQuery, type By, type HoursQuestion, type Report } from '../../api/activity'
import { serverNow } from '../../api/clock'
import { Empty } from '../empty'
import { inOwnLanguage } from '../own-language'
import { useOwnZone } from '../use-own-zone'
import { ActivityControls } from './activity-controls'
import { rangeOf, readActivity, step, titleOf, writeActivity, type ActivityState } from './activity-state'
import { BarList } from './bar-list'
import { todayIn, type Range } from './dates'
import { Days } from './days'
import { Loaded } from './loaded'
import classes from './person-activity.module.css'
import { periodBefore } from './ranges'
import { Summary } from './summary'

const eachMinute = { refetchInterval: 60_000 }

/** What a person did on a day, or in a week, month or year: how long, with what, where and when. Below a heading. */
export function PersonActivity({ userId, children }: { userId: number; children: ReactNode }) {
  const [address, setAddress] = useSearchParams()
  const ownZone = useOwnZone()
  const state = readActivity(address, todayIn(ownZone, serverNow()), ownZone)
  const today = todayIn(state.zone, serverNow())
  const show = (next: ActivityState) => {
    setAddress(writeActivity(next))
  }
  useHotkeys([
    ['ArrowLeft', () => { show(step(state, -1)) }],
    ['ArrowRight', () => { show(step(state, 1)) }],
  ])
  const range = rangeOf(state)
  const question = questionOf(userId, state, range)
  const compared = periodBefore(range)
  const whole = useQuery({ ...hoursQuery({ ...question, compare_from: compared.from, compare_to: compared.to }), ...eachMinute })
  const applications = useQuery({ ...hoursQuery(topOf(question, 'application')), ...eachMinute })
  const events = useQuery({ ...hoursQuery(topOf(question, 'event')), ...eachMinute })
  return (
    <div className={classes.activity}>
      {children}
      <ActivityControls state={state} today={today} question={question} onChange={show} />
      <Loaded query={whole} failure={t`The hours could not be loaded`} height={420}>
        {(report) => (
          <div className={classes.report}>
            <Summary report={report} view={state.view} range={range} today={today} />
            {report.total_seconds === 0 && <Nothing state={state} onChange={show} />}
            <Days
              userId={userId}
              state={state}
              report={report}
              today={today}
              linkTo={(day) => `?${writeActivity({ ...state, view: 'day', day }).toString()}`}
              applications={labelsOf(applications.data)}
              events={labelsOf(events.data)}
            />
          </div>
        )}
      </Loaded>
      {whole.data?.total_seconds !== 0 && (
        <div className={classes.lists}>
          <Loaded query={applications} failure={t`The applications could not be loaded`} height={240}>
            {(report) => <BarList title={t`Top applications`} heading={t`Application`} report={report} empty={t`No application was reported.`} isColoured />}
          </Loaded>
          <Loaded query={events} failure={t`The events could not be loaded`} height={240}>
            {(report) => <BarList title={t`Events`} heading={t`Event`} report={report} empty={t`No event was reported.`} isColoured />}
          </Loaded>
          <Devices question={topOf(question, 'device')} />
        </div>
      )}
      <p className={classes.note}>
        {t`Days are those of ${state.zone}. The time at computers and of events is a union: two at once count once. The time of applications is a sum, of those in the foreground.`}
      </p>
    </div>
  )
}

const nothing =
  inOwnLanguage(() => t`Nothing was recorded for these days. Hours come from lab computers and desktops, while one is signed in to them.`)

function Nothing({ state, onChange }: { state: ActivityState; onChange: (state: ActivityState) => void }) {
  const other = state.view === 'year' ? step(state, -1) : { ...state, view: 'year' as const }
  return (
    <Empty text={nothing()}>
      <Button
        variant="light"
        onClick={() => {
          onChange(other)
        }}
      >
        {t`Show all of ${titleOf({ ...other, view: 'year' })}`}
      </Button>
    </Empty>
  )
}

function Devices({ question }: { question: HoursQuestion }) {
  const devices = useQuery({ ...hoursQuery(question), ...eachMinute })
  return (
    <Loaded query={devices} failure={t`The devices could not be loaded`} height={240}>
      {(report) => <BarList title={t`Devices`} heading={t`Device`} report={report} empty={t`No device was used.`} />}
    </Loaded>
  )
}

const shown = 7

function questionOf(user_id: number, { view, zone }: ActivityState, { from, to }: Range): HoursQuestion {
  return { by: 'user', user_id, from, to, zone, period: view === 'day' ? null : 'day', limit: 1 }
}

const topOf = (question: HoursQuestion, by: By): HoursQuestion => ({ ...question, by, period: null, limit: shown })

const labelsOf = (report: Report | undefined) => report?.rows.map(({ label }) => label) ?? []
