import { plural, t } from '@lingui/core/macro'
import { Fact, Facts } from '../../components/facts'
import type { Tracking } from '../../api/tracking'
import { inOwnLanguage } from '../../components/own-language'

type KeptFor = Tracking['kept_for']

/** How long each kind of what is kept of the person who looks is kept. */
export function HowLong({ keptFor }: { keptFor: KeptFor }) {
  return (
    <section aria-labelledby="how-long">
      <h3 id="how-long">{t`How long it is kept`}</h3>
      <Facts>
        {kinds(keptFor).map(([name, howLong]) => (
          <Fact key={name} name={name}>
            {howLong}
          </Fact>
        ))}
      </Facts>
    </section>
  )
}

const kinds = (kept: KeptFor): [string, string][] => [
  [t`What I did, and where I sat`, days(kept.activity_days)],
  [t`My hours by day, month and year`, kept.totals_years === null ? untilErased() : plural(kept.totals_years, { one: '# year', other: '# years' })],
  [t`Saves of my sessions`, kept.save_days === null ? untilErased() : t`${days(kept.save_days)}, the newest of each longer`],
  [t`Histories of my desktops and restores`, days(kept.history_days)],
  [t`Recordings of my desktops`, days(kept.recording_days)],
  [t`Where I was signed in`, days(kept.login_days)],
  [t`The audit: who did what`, kept.audit_days === null ? t`For good` : days(kept.audit_days)],
]

const untilErased = inOwnLanguage(() => t`Until I erase it`)
const days = (number: number | null) => (number === null ? untilErased() : plural(number, { one: '# day', other: '# days' }))
