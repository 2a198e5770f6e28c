import { infiniteQueryOptions, keepPreviousData, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components } from './schema'

export type ApiToken = components['schemas']['TokenOut']
export type NewToken = components['schemas']['NewTokenOut']
export type TokenWish = components['schemas']['TokenIn']
export type ServiceTokenWish = components['schemas']['ServiceTokenIn']
/** Whose tokens: one's own, everyone's, or those of a person; with each of the words in their names or people's. */
export type TokenFilter = { all?: boolean; user_id?: number; search?: string }

const queryKey = ['tokens']
const pageLength = 50

/** Tokens of programs, newest first, page by page. */
export const tokensQuery = (filter: TokenFilter) =>
  infiniteQueryOptions({
    queryKey: [...queryKey, filter],
    queryFn: ({ pageParam: cursor }) =>
      unwrap(api.GET('/api/v1/tokens', { params: { query: { ...filter, limit: pageLength, cursor } } })),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    placeholderData: keepPreviousData,
  })

export const useCreateToken = () => useChange((body: TokenWish) => unwrap(api.POST('/api/v1/tokens', { body })))

/** Makes a token for an account of its own, which is made if need be. */
export const useCreateServiceToken = () =>
  useChange((body: ServiceTokenWish) => unwrap(api.POST('/api/v1/service-tokens', { body })))

export const useRevokeToken = () =>
  useChange((token_id: string) =>
    unwrap(api.DELETE('/api/v1/tokens/{token_id}', { params: { path: { token_id } } })),
  )

function useChange<Wish, T>(send: (wish: Wish) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey }) })
}
