import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { ownAllowancesQuery, type Budget } from '../../api/allowances'
import { desktopsQuery } from '../../api/queries'
import { isActive } from '../../components/status'
import { Meter } from '../../components/meter'
import { toOneDecimal } from '../../components/own-language'
import { exact } from '../../components/time'
import classes from './own-allowances.module.css'

/** What is left of the desktops and hours that one may have; nothing where there is no end to them. */
export function OwnAllowances() {
  const { data } = useQuery(ownAllowancesQuery)
  const { data: desktops = [] } = useQuery(desktopsQuery)
  if (!data || (data.budgets.length === 0 && data.most_running === null)) return null
  return (
    <section className={classes.allowances} aria-label={t`What you may have`}>
      {data.most_running !== null && (
        <div>
          <Meter label={t`Running at once`} used={desktops.filter(isActive).length} of={data.most_running} words={String} />
        </div>
      )}
      {data.budgets.map((budget) => (
        <div key={`${budget.group} ${budget.period} ${budget.is_shared}`}>
          <Meter label={labelOf(budget)} used={budget.used_hours} of={budget.hours} words={hours} />
          <p>
            {budget.used_hours >= budget.hours ? (
              <Trans>They are used up, and start anew at <Moment at={budget.resets_at} />.</Trans>
            ) : (
              <Trans>They start anew at <Moment at={budget.resets_at} />.</Trans>
            )}
          </p>
        </div>
      ))}
    </section>
  )
}

function labelOf({ group, is_shared, period }: Budget): string {
  const isWeek = period === 'week'
  if (!is_shared) return isWeek ? t`Your hours this week` : t`Your hours this month`
  const whose = group ?? t`your group`
  return isWeek ? t`Hours of ${whose} together this week` : t`Hours of ${whose} together this month`
}

function Moment({ at }: { at: string }) {
  return <time dateTime={at}>{exact(at)}</time>
}

const hours = (amount: number) => `${toOneDecimal(amount)} h`
