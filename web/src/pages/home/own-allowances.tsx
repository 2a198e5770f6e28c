import { useQuery } from '@tanstack/react-query'
import { ownAllowancesQuery, type Budget } from '../../api/allowances'
import { desktopsQuery } from '../../api/queries'
import { isActive } from '../../components/status'
import { Meter } from '../../components/meter'
import { exact } from '../../components/time'
import classes from './own-allowances.module.css'

/** What is left of the desktops and hours that one may have; nothing where there is no end to them. */
export function OwnAllowances() {
  const { data } = useQuery(ownAllowancesQuery)
  const { data: desktops = [] } = useQuery(desktopsQuery)
  if (!data || (data.budgets.length === 0 && data.most_running === null)) return null
  return (
    <section className={classes.allowances} aria-label="What you may have">
      {data.most_running !== null && (
        <div>
          <Meter label="Running at once" used={desktops.filter(isActive).length} of={data.most_running} words={String} />
        </div>
      )}
      {data.budgets.map((budget) => (
        <div key={`${budget.group} ${budget.period} ${budget.is_shared}`}>
          <Meter label={labelOf(budget)} used={budget.used_hours} of={budget.hours} words={hours} />
          <p>
            {budget.used_hours >= budget.hours ? 'They are used up, and start anew at ' : 'They start anew at '}
            <time dateTime={budget.resets_at}>{exact(budget.resets_at)}</time>.
          </p>
        </div>
      ))}
    </section>
  )
}

function labelOf({ group, is_shared, period }: Budget): string {
  const whose = is_shared ? `Hours of ${group ?? 'your group'} together` : 'Your hours'
  return `${whose} this ${period}`
}

const hours = (amount: number) => `${Math.round(amount * 10) / 10} h`
