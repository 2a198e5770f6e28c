import { t } from '@lingui/core/macro'
import { Loader } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import type { Desktop } from '../../api/client'
import { span } from '../../components/time'
import { useNow } from '../../components/use-now'
import classes from './launch.module.css'

type Step = Desktop['steps'][number]
type Props = { steps: Step[]; isGoingOn: boolean }

/** The steps of a launch with the time that each took; the last one goes on, or is where it failed. */
export function Steps({ steps, isGoingOn }: Props) {
  const now = useNow(100)
  if (steps.length === 0) {
    return isGoingOn ? (
      <p className={classes.waiting}>
        <Loader size={18} aria-hidden="true" /> {t`Waiting for its turn`}
      </p>
    ) : null
  }
  return (
    <ol className={classes.steps} aria-label={t`Steps of the launch`}>
      {timed(steps, isGoingOn ? now : null).map(({ name, milliseconds, isLast }) => (
        <li key={name} aria-current={isLast && isGoingOn ? 'step' : undefined}>
          <StepIcon isLast={isLast} isGoingOn={isGoingOn} />
          <span>{name}</span>
          {milliseconds !== null && <span className={classes.elapsed}>{span(milliseconds)}</span>}
        </li>
      ))}
    </ol>
  )
}

function StepIcon({ isLast, isGoingOn }: { isLast: boolean; isGoingOn: boolean }) {
  if (!isLast) return <IconCheck className={classes.done} size={18} stroke={2.4} role="img" aria-label={t`done`} />
  if (isGoingOn) return <Loader size={18} role="img" aria-label={t`going on`} />
  return <IconX className={classes.failed} size={18} stroke={2.4} role="img" aria-label={t`failed here`} />
}

type TimedStep = { name: string; milliseconds: number | null; isLast: boolean }

/** How long each step took; the last up to `now` (milliseconds), or unknown where it ended unseen (null). */
export function timed(steps: Step[], now: number | null): TimedStep[] {
  return steps.map(({ name, at }, index) => {
    const next = steps[index + 1]
    const end = next ? Date.parse(next.at) : now
    return { name, milliseconds: end === null ? null : end - Date.parse(at), isLast: !next }
  })
}
