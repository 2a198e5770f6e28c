import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { Report } from '../../api/activity'

const HoursChart = lazy(() => import('./hours-chart'))

/** Hours as bars. What draws them is large, and fetched when there are some to draw. */
export function Chart(props: { report: Report; title: string }) {
  return (
    <Suspense fallback={<Skeleton height={320} radius={12} aria-hidden="true" />}>
      <HoursChart {...props} />
    </Suspense>
  )
}
