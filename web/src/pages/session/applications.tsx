import { t } from '@lingui/core/macro'
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconAppWindow, IconX } from '@tabler/icons-react'
import { applicationsQuery, type Session, type SessionApplication } from '../../api/sessions'
import { spoken } from '../../components/activity/hours'
import table from '../../components/data-table.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { RelativeTime } from '../../components/relative-time'
import { ApplicationBadge } from '../../components/session/application-badge'
import { Pill } from '../../components/status'
import tones from '../../components/status.module.css'
import { exactly, lastUsed } from './usage'
import { UsageTimeLine } from './usage-time-line'
import classes from './session.module.css'

/** Every application that was ever in a session: whether it is open in it, and how long it was used. */
export function Applications({ session }: { session: Session }) {
  const { data, error, isPending, refetch } = useQuery(applicationsQuery(session.id))
  return (
    <section className={classes.part} aria-labelledby="applications">
      <h2 id="applications">{t`Applications`}</h2>
      {isPending && <Skeleton height={160} radius={12} aria-hidden="true" />}
      {error && !data && <LoadFailure title={t`The applications could not be loaded`} error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <Empty text={t`Applications stand here once the session was saved or its usage counted.`} />}
      {data && data.length > 0 && <Table applications={data} />}
      {data && <UsageTimeLine applications={data} />}
    </section>
  )
}

function Table({ applications }: { applications: SessionApplication[] }) {
  return (
    // Wider than a phone: it scrolls, so the keyboard must reach it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.scroller} role="region" aria-label={t`Table of applications`} tabIndex={0}>
      <table className={`${table.table} ${classes.table}`}>
        <thead>
          <tr>
            <th scope="col">{t`Application`}</th>
            <th scope="col">{t`State`}</th>
            <th scope="col" data-number>
              {t`Open`}
            </th>
            <th scope="col" data-number>
              {t`In front`}
            </th>
            <th scope="col">{t`Last used`}</th>
          </tr>
        </thead>
        <tbody>
          {applications.map((one) => (
            <Row key={JSON.stringify([one.application, one.exe, one.command])} application={one} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ application: one }: { application: SessionApplication }) {
  const used = lastUsed(one)
  return (
    <tr>
      <td title={one.command.join(' ')}>
        <ApplicationBadge application={one.application} name={one.name} />
      </td>
      <td>
        {one.is_open ? (
          <Pill word={t`Open`} Icon={IconAppWindow} tone={tones.good} />
        ) : (
          <Pill word={t`Closed`} Icon={IconX} tone={tones.quiet} />
        )}
      </td>
      <td data-number title={exactly(one.open_seconds)}>
        {spoken(one.open_seconds)}
      </td>
      <td data-number title={exactly(one.foreground_seconds)}>
        {spoken(one.foreground_seconds)}
      </td>
      <td>{used ? <RelativeTime at={used} /> : <span className={table.soft}>{t`Not counted`}</span>}</td>
    </tr>
  )
}
