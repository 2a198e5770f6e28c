import { exact } from '../../components/time'

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
        label: hours === 1 ? '1 hour more' : `${hours} hours more`,
      })),
    { until: latest, label: `as long as it may: until ${exact(latest)}` },
  ]
}
