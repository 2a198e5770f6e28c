import { Fact, Facts } from '../../components/facts'
import type { Tracking } from '../../api/tracking'

type KeptFor = Tracking['kept_for']

/** How long each kind of what is kept of the person who looks is kept. */
export function HowLong({ keptFor }: { keptFor: KeptFor }) {
  return (
    <section aria-labelledby="how-long">
      <h3 id="how-long">How long it is kept</h3>
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
  ['What I did, and where I sat', days(kept.activity_days)],
  ['My hours by day, month and year', counted(kept.totals_years, 'year')],
  ['Saves of my sessions', kept.save_days === null ? untilErased : `${days(kept.save_days)}, the newest of each longer`],
  ['Histories of my desktops and restores', days(kept.history_days)],
  ['Recordings of my desktops', days(kept.recording_days)],
  ['Where I was signed in', days(kept.login_days)],
  ['The audit: who did what', kept.audit_days === null ? 'For good' : days(kept.audit_days)],
]

const untilErased = 'Until I erase it'
const days = (number: number | null) => counted(number, 'day')
const counted = (number: number | null, unit: string) =>
  number === null ? untilErased : `${String(number)} ${number === 1 ? unit : `${unit}s`}`
