import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor } from '@mantine/core'
import { Link } from 'react-router'
import type { Seat } from '../../api/rooms'
import { inOwnLanguage } from '../../components/own-language'
import { RelativeTime } from '../../components/relative-time'
import { SeatStatus } from '../../components/seat-state'
import classes from './room.module.css'

const sinceWords = inOwnLanguage(() => ({ 'in-use': t`Signed in`, idle: t`Last input`, free: t`Free`, offline: t`Last heard of` } as const))

/** What is to know of the computer that is chosen on the map. */
export function SeatDetails({ seat }: { seat: Seat | null }) {
  return (
    <aside className={classes.panel} data-details={seat !== null || undefined} aria-label={t`The chosen computer`}>
      {seat ? <Details seat={seat} /> : <p className={classes.hint}>{t`Choose a computer to see who sits there.`}</p>}
    </aside>
  )
}

function Details({ seat }: { seat: Seat }) {
  return (
    <>
      <div className={classes.panelHead}>
        <h2>{seat.device}</h2>
        <SeatStatus state={seat.state} />
      </div>
      <dl className={classes.facts}>
        {seat.username && <Fact name={t`Who`}>{seat.username}</Fact>}
        {seat.since && (
          <Fact name={sinceWords()[seat.state]}>
            <RelativeTime at={seat.since} />
          </Fact>
        )}
        <Fact name={t`Place`}>
          <Trans>row {seat.row}, column {seat.column}</Trans>
        </Fact>
      </dl>
      <Anchor component={Link} to={`/devices/${seat.device_id ?? ''}`}>
        {t`Who has used it`}
      </Anchor>
    </>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
