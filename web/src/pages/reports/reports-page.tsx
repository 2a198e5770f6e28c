import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconDownload, IconLink } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useSearchParams } from 'react-router'
import { hoursQuery, type By, type Report } from '../../api/activity'
import type { User } from '../../api/client'
import { serverNow } from '../../api/clock'
import { aboutQuery } from '../../api/queries'
import { may } from '../../api/rights'
import { Chart } from '../../components/activity/chart'
import { isZone, sayRange, todayIn } from '../../components/activity/dates'
import { exportReport } from '../../components/activity/export-buttons'
import { count, hours } from '../../components/activity/hours'
import { HoursTable } from '../../components/activity/hours-table'
import { Loaded } from '../../components/activity/loaded'
import { Empty } from '../../components/empty'
import { showDone, showProblem } from '../../components/notices'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { Panel } from '../../components/panel'
import { useUser } from '../../components/signed-in'
import { Splash } from '../../components/splash'
import { Choices } from './choices'
import { Filters } from './filters'
import { Overview } from './overview'
import classes from './reports.module.css'
import { comparedRange, howCounted, isOfTeam, kinds, questionOf, readState, writeState, type ReportState } from './report-state'

export default function ReportsPage() {
  const user = useUser()
  const about = useQuery(aboutQuery)
  return (
    <PageFrame title="Reports" user={user}>
      {about.isPending ? <Splash /> : <Reports user={user} zoneOfServer={about.data?.time_zone ?? 'UTC'} />}
    </PageFrame>
  )
}

function onlyRows({ by, zone }: ReportState): ReportState {
  return readState(new URLSearchParams({ by, zone }), todayIn(zone, serverNow()), zone)
}

function Reports({ user, zoneOfServer }: { user: User; zoneOfServer: string }) {
  const [state, setState] = useReport(zoneOfServer, may(user, 'activity:read', 'all') ? 'user' : 'room')
  const report = useQuery(hoursQuery(questionOf(state)))
  return (
    <div className={classes.page}>
      <PageHead title="Reports">
        <Actions state={state} />
      </PageHead>
      <Choices state={state} onChange={setState} />
      <Filters state={state} onChange={setState} />
      {!isOfTeam(user, state) && <Overview state={state} />}
      <Loaded query={report} failure="The report could not be made" height={520}>
        {(data) => <Numbers report={data} state={state} onChange={setState} />}
      </Loaded>
    </div>
  )
}

/** The report that the address asks for; an address that leaves something out is completed. */
function useReport(zoneOfServer: string, rows: By): [ReportState, (state: ReportState) => void] {
  const [address, setAddress] = useSearchParams()
  const asked = address.get('zone')
  const today = todayIn(isZone(asked) ? asked : zoneOfServer, serverNow())
  const state = readState(address, today, zoneOfServer, rows)
  const whole = writeState(state).toString()
  useEffect(() => {
    if (address.toString() !== whole) setAddress(whole, { replace: true })
  }, [address, whole, setAddress])
  return [
    state,
    (next) => {
      setAddress(writeState(next))
    },
  ]
}

function Actions({ state }: { state: ReportState }) {
  const save = (kind: 'csv' | 'json') => () => {
    exportReport(questionOf(state), kind)
  }
  const icon = <IconDownload size={17} aria-hidden="true" />
  return (
    <>
      <Button variant="default" leftSection={<IconLink size={17} aria-hidden="true" />} onClick={copyLink}>
        Copy link
      </Button>
      <Button variant="default" leftSection={icon} onClick={save('csv')}>
        CSV
      </Button>
      <Button variant="default" leftSection={icon} onClick={save('json')}>
        JSON
      </Button>
    </>
  )
}

const ofTeam = (least: number) =>
  `These are hours of people whom you look after, in whole weeks that are over: of fewer than ${least} people nothing is told. Choose one person to see theirs.`

function copyLink(): void {
  const clipboard = navigator.clipboard as Clipboard | undefined
  if (!clipboard) {
    showProblem(new Error('This browser copies on secure pages (https) only. Copy the address of the page by hand.'))
    return
  }
  clipboard.writeText(window.location.href).then(() => {
    showDone('The link is copied. Whoever opens it sees the same report.')
  }, showProblem)
}

type NumbersProps = { report: Report; state: ReportState; onChange: (state: ReportState) => void }

function Numbers({ report, state, onChange }: NumbersProps) {
  const kind = kinds.find(({ by }) => by === report.by)
  const compared = comparedRange(state)
  const title = `Hours by ${kind?.name.toLowerCase() ?? report.by}`
  return (
    <section className={classes.report} aria-labelledby="report">
      <h2 id="report">{title}</h2>
      <p className={classes.about}>
        {sayRange({ from: report.first, to: report.last })}
        {compared && `, compared with ${sayRange(compared)}`}. Days are those of {report.zone}.{' '}
        <strong>{hours(report.total_seconds)} hours</strong> of {count(report.keys)} {kind?.plural}. {howCounted(state)}
        {report.smallest_group ? ` ${ofTeam(report.smallest_group)}` : null}
      </p>
      {report.total_seconds === 0 && !report.rest ? (
        <Empty text="Nothing was recorded for what is asked. Choose other days, or fewer filters.">
          <Button
            variant="light"
            onClick={() => {
              onChange(onlyRows(state))
            }}
          >
            Show the last 30 days of all
          </Button>
        </Empty>
      ) : (
        <Panel>
          <Chart report={report} title={title} />
        </Panel>
      )}
      <HoursTable
        report={report}
        heading={kind?.name ?? ''}
        title={title}
        sort={state.sort}
        onSort={(sort) => {
          onChange({ ...state, sort })
        }}
      />
    </section>
  )
}
