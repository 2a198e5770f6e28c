import { Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { LoadFailure } from '../load-failure'

type Props<T> = {
  query: UseQueryResult<T>
  /** What is said when it can't be had: "The hours could not be loaded". */
  failure: string
  height: number
  children: (data: T) => ReactNode
}

/** What was loaded, or its place while it is not there, or why it isn't. */
export function Loaded<T>({ query, failure, height, children }: Props<T>) {
  if (query.error) return <LoadFailure title={failure} error={query.error} onRetry={() => void query.refetch()} />
  if (query.data === undefined) return <Skeleton height={height} radius={16} aria-hidden="true" />
  return (
    <div aria-busy={query.isPlaceholderData} style={{ opacity: query.isPlaceholderData ? 0.55 : 1 }}>
      {children(query.data)}
    </div>
  )
}
