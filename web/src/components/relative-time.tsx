import { ago, exact } from './time'
import { useNow } from './use-now'

/** A time as people say it; the exact one shows on hover. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow(15_000)
  return (
    <time dateTime={at} title={exact(at)}>
      {ago(at, now)}
    </time>
  )
}
