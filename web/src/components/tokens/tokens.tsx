import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { tokensQuery, type ApiToken, type TokenFilter } from '../../api/tokens'
import table from '../data-table.module.css'
import { LoadFailure } from '../load-failure'

type Props = { of: TokenFilter; none: ReactNode; children: (tokens: ApiToken[]) => ReactNode }

/** Fetches tokens page by page, and shows them in the way that its children say; or that there is none. */
export function Tokens({ of: filter, none, children }: Props) {
  const { data, error, refetch, ...more } = useInfiniteQuery(tokensQuery(filter))
  if (!data && error) {
    return <LoadFailure title={t`The tokens could not be loaded`} error={error} onRetry={() => void refetch()} />
  }
  if (!data) return <Skeleton height={120} radius={16} aria-hidden="true" />
  const found = data.pages.flatMap(({ items }) => items)
  if (found.length === 0) return none
  return (
    <>
      {children(found)}
      {more.hasNextPage && (
        <div className={table.more}>
          <Button variant="default" loading={more.isFetchingNextPage} onClick={() => void more.fetchNextPage()}>
            {t`Show older ones`}
          </Button>
        </div>
      )}
    </>
  )
}
