import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components } from './schema'

export type Allowance = components['schemas']['AllowanceOut']
export type AllowanceWish = components['schemas']['AllowanceIn']
export type Budget = components['schemas']['BudgetOut']

const queryKey = ['allowances']
const refetchInterval = 60_000

export const allowancesQuery = queryOptions({
  queryKey,
  queryFn: async () => (await unwrap(api.GET('/api/v1/allowances'))).items,
})

/** What one may have oneself, and what is left of it; it grows less while desktops run. */
export const ownAllowancesQuery = queryOptions({
  queryKey: [...queryKey, 'mine'],
  queryFn: () => unwrap(api.GET('/api/v1/allowances/mine')),
  refetchInterval,
})

/** The first groups in whose names each of the words is. */
export const foundGroupsQuery = (search: string) =>
  queryOptions({
    queryKey: ['groups', 'found', search],
    queryFn: async () => (await unwrap(api.GET('/api/v1/groups', { params: { query: { search, limit: 30 } } }))).items,
    placeholderData: keepPreviousData,
  })

/** Makes a rule, or changes one. */
export function useSaveAllowance() {
  return useChange(({ id, wish }: { id: number | null; wish: AllowanceWish }) =>
    id === null
      ? unwrap(api.POST('/api/v1/allowances', { body: wish }))
      : unwrap(api.PUT('/api/v1/allowances/{allowance_id}', { params: { path: { allowance_id: id } }, body: wish })),
  )
}

export function useDeleteAllowance() {
  return useChange((id: number) =>
    unwrap(api.DELETE('/api/v1/allowances/{allowance_id}', { params: { path: { allowance_id: id } } })),
  )
}

function useChange<Wish, Result>(change: (wish: Wish) => Promise<Result>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey }) })
}
