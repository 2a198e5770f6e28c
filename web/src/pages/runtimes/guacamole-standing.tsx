import { t } from '@lingui/core/macro'
import { Plural, Trans } from '@lingui/react/macro'
import { IconAlertTriangle, IconCircleCheck, IconClock } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { guacamoleQuery, type Standing } from '../../api/guacamole'
import { inOwnLanguage } from '../../components/own-language'
import { Panel } from '../../components/panel'
import { RelativeTime } from '../../components/relative-time'
import { Pill, type Look } from '../../components/status'
import status from '../../components/status.module.css'
import classes from './guacamole-standing.module.css'

const looks = inOwnLanguage((): Record<Exclude<Standing['state'], 'off'>, Look> => ({
  waiting: { word: t`Not looked at yet`, Icon: IconClock, tone: status.busy },
  'in-step': { word: t`In step`, Icon: IconCircleCheck, tone: status.good },
  partly: { word: t`Partly in step`, Icon: IconAlertTriangle, tone: status.busy },
  failing: { word: t`Not in step`, Icon: IconAlertTriangle, tone: status.bad },
}))

/** Whether the Guacamole that is there has what it should have; nothing where there is none. */
export function GuacamoleStanding() {
  const { data } = useQuery(guacamoleQuery)
  if (!data || data.state === 'off') return null
  return (
    <div className={classes.place}>
      <Panel>
        <div className={classes.standing}>
          <h2>Guacamole</h2>
          <Pill {...looks()[data.state]} />
          <Counts standing={data} />
        </div>
        {data.reason && <p className={classes.reason}>{data.reason}</p>}
      </Panel>
    </div>
  )
}

function Counts({ standing: { accounts, connections, looked_at } }: { standing: Standing }) {
  if (!looked_at) return null
  return (
    <span className={classes.counts}>
      <Trans>
        <Plural value={accounts} one="# account" other="# accounts" /> and{' '}
        <Plural value={connections} one="# connection" other="# connections" />, brought there <RelativeTime at={looked_at} />
      </Trans>
    </span>
  )
}
