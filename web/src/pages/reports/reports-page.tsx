import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconDownload, IconLink } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useSearchParams } from 'react-router'
import { hoursQuery, type Report } from '../../api/activity'
import type { User } from '../../api/client'
import { serverNow } from '../../api/clock'
import { aboutQuery } from '../../api/queries'
import { Chart } from '../../components/activity/chart'
import { isZone, sayRange, todayIn } from '../../components/activity/dates'
import { exportReport } from '../../components/activity/export-buttons'
import { hours } from '../../components/activity/hours'
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
import { comparedRange, howCounted, isOfTeam, kinds, questionOf, readState, withTold, writeState, type ReportState } from './report-state'

export default function ReportsPage() {
  const user = useUser()
  const about = useQuery(aboutQuery)
  return (
    <PageFrame title={t`Reports`} user={user}>
      {about.isPending ? <Splash /> : <Reports user={user} zoneOfServer={about.data?.time_zone ?? 'UTC'} />}
    </PageFrame>
  )
}

function onlyRows({ by, zone }: ReportState): ReportState {
  return readState(new URLSearchParams({ by, zone }), todayIn(zone, serverNow()), zone)
}

function Reports({ user, zoneOfServer }: { user: User; zoneOfServer: string }) {
  const [state, setState] = useReport(user, zoneOfServer)
  const report = useQuery(hoursQuery(questionOf(state)))
  return (
    <div className={classes.page}>
      <PageHead title={t`Reports`}>
        <Actions state={state} />
      </PageHead>
      <Choices state={state} onChange={setState} />
      <Filters state={state} onChange={setState} />
      {!isOfTeam(user, state) && <Overview state={state} />}
      <Loaded query={report} failure={t`The report could not be made`} height={520}>
        {(data) => <Numbers report={data} state={state} onChange={setState} />}
      </Loaded>
    </div>
  )
}

/** The report that the address asks for; an address that leaves something out is completed. */
function useReport(user: User, zoneOfServer: string): [ReportState, (state: ReportState) => void] {
  const [address, setAddress] = useSearchParams()
  const asked = address.get('zone')
  const today = todayIn(isZone(asked) ? asked : zoneOfServer, serverNow())
  const state = withTold(user, readState(address, today, zoneOfServer))
  const whole = writeState(state).toString()
  useEffect(() => {
    if (address.toString() !== whole) setAddress(whole, { replace: true })
  }, [address, whole, setAddress])
  return [
    state,
    (next) => {
      setAddress(writeState(withTold(user, next)))
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
        {t`Copy link`}
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
  t`These are hours of people whom you look after, in whole weeks that are over: of fewer than ${least} people nothing is told. Choose one person to see theirs.`

function copyLink(): void {
  const clipboard = navigator.clipboard as Clipboard | undefined
  if (!clipboard) {
    showProblem(new Error(t`This browser copies on secure pages (https) only. Copy the address of the page by hand.`))
    return
  }
  clipboard.writeText(window.location.href).then(() => {
    showDone(t`The link is copied. Whoever opens it sees the same report.`)
  }, showProblem)
}

type NumbersProps = { report: Report; state: ReportState; onChange: (state: ReportState) => void }

function Numbers({ report, state, onChange }: NumbersProps) {
  const kind = kinds().find(({ by }) => by === report.by)
  const compared = comparedRange(state)
  const days = sayRange({ from: report.first, to: report.last })
  const title = kind?.title ?? report.by
  return (
    <section className={classes.report} aria-labelledby="report">
      <h2 id="report">{title}</h2>
      <p className={classes.about}>
        {compared ? t`${days}, compared with ${sayRange(compared)}.` : `${days}.`} {t`Days are those of ${report.zone}.`}{' '}
        <Trans><strong>{hours(report.total_seconds)} hours</strong> of {kind?.counted(report.keys)}.</Trans> {howCounted(state)}
        {report.smallest_group ? ` ${ofTeam(report.smallest_group)}` : null}
      </p>
      {report.total_seconds === 0 && !report.rest ? (
        <Empty text={t`Nothing was recorded for what is asked. Choose other days, or fewer filters.`}>
          <Button
            variant="light"
            onClick={() => {
              onChange(onlyRows(state))
            }}
          >
            {t`Show the last 30 days of all`}
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
