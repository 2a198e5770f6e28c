import { plural, t } from '@lingui/core/macro'
import type { Desktop } from '../api/client'
import { exact } from './time'

const hour = 3_600_000
const steps = [1, 2, 4, 8, 24]

type LaterEnd = { until: string; label: string }

/** The ends that a person may choose from instead of the present one: some hours later, and the latest there may be. */
export function laterEnds(end: string | null, latest: string | null): LaterEnd[] {
  if (end === null || latest === null || end === latest) return []
  const sooner = steps.map((hours) => [hours, Date.parse(end) + hours * hour] as const)
  return [
    ...sooner
      .filter(([, until]) => until < Date.parse(latest))
      .map(([hours, until]) => ({
        until: new Date(until).toISOString(),
        label: plural(hours, { one: '# hour more', other: '# hours more' }),
      })),
    { until: latest, label: t`as long as it may: until ${exact(latest)}` },
  ]
}

/** Whether a desktop runs that may run for longer. */
export function isExtendable({ state, ends_at, latest_end }: Desktop): boolean {
  return state === 'running' && ends_at !== latest_end
}
