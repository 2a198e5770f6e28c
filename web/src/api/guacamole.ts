import { queryOptions } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components } from './schema'

export type Standing = components['schemas']['StandingOut']

/** How far accounts and connections in Guacamole are in step. */
export const guacamoleQuery = queryOptions({
  queryKey: ['guacamole'],
  queryFn: () => unwrap(api.GET('/api/v1/guacamole')),
  refetchInterval: 10_000,
})
