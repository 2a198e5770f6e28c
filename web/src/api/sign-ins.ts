import { infiniteQueryOptions } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components } from './schema'

export type SignIn = components['schemas']['SignInOut']
export type SignInPage = components['schemas']['SignInList']
/** Whose sign-ins: those at a computer, or those of a person. */
export type Owner = { device_id: number } | { user_id: number }
/** Local days, both included, as "2026-03-01"; an empty one is no limit. */
export type Days = { from: string; to: string }

const pageLength = 50

/** Who sat where, newest first, page by page. */
export const historyQuery = (owner: Owner, days: Days) =>
  infiniteQueryOptions({
    queryKey: ['sign-ins', owner, days],
    queryFn: ({ pageParam: cursor }) =>
      unwrap(api.GET('/api/v1/sign-ins', { params: { query: { ...owner, ...bounds(days), limit: pageLength, cursor } } })),
    initialPageParam: null as number | null,
    getNextPageParam: (page: SignInPage) => page.next_cursor,
  })

/** The first and the last moment of the days, where there are such. */
function bounds({ from, to }: Days) {
  const at = (time: string) => new Date(time).toISOString()
  return { since: from ? at(`${from}T00:00`) : null, until: to ? at(`${to}T24:00`) : null }
}
