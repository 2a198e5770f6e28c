import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components, operations } from './schema'

export type Group = components['schemas']['GroupOut']
export type GroupBrief = components['schemas']['GroupBrief']
export type GroupDetails = components['schemas']['GroupDetails']
export type GroupWish = components['schemas']['GroupIn']
export type Member = components['schemas']['MemberOut']
export type GroupFilter = NonNullable<operations['list_groups']['parameters']['query']>
export type MemberFilter = NonNullable<operations['list_members']['parameters']['query']>

const key = 'groups'
const at = (group_id: number) => ({ params: { path: { group_id } } })

/** A page of the groups that one may see, by name. */
export const groupsQuery = (query: GroupFilter) =>
  queryOptions({
    queryKey: [key, 'list', query],
    queryFn: () => unwrap(api.GET('/api/v1/groups', { params: { query } })),
    placeholderData: keepPreviousData,
  })

export const groupQuery = (id: number) =>
  queryOptions({
    queryKey: [key, 'one', id],
    queryFn: () => unwrap(api.GET('/api/v1/groups/{group_id}', at(id))),
  })

/** A page of who is right in a group, by username. */
export const membersQuery = (group_id: number, query: MemberFilter) =>
  queryOptions({
    queryKey: [key, 'members', group_id, query],
    queryFn: () => unwrap(api.GET('/api/v1/groups/{group_id}/members', { params: { path: { group_id }, query } })),
    placeholderData: keepPreviousData,
  })

/** The first people who are not in a group and in whose names each of the words is. */
export const candidatesQuery = (group_id: number) => (search: string) => ({
  queryKey: [key, 'candidates', String(group_id), search],
  queryFn: async () => {
    const params = { path: { group_id }, query: { search, limit: 30 } }
    return (await unwrap(api.GET('/api/v1/groups/{group_id}/candidates', { params }))).items
  },
  placeholderData: keepPreviousData,
})

export const groupsOfPersonQuery = (user_id: number) =>
  queryOptions({
    queryKey: [key, 'of', user_id],
    queryFn: async () => (await unwrap(api.GET('/api/v1/users/{user_id}/groups', { params: { path: { user_id } } }))).items,
  })

function useGroupChange<Input, Output>(mutationFn: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries({ queryKey: [key] }) })
}

export const useSaveGroup = () =>
  useGroupChange(({ id, wish }: { id: number | null; wish: GroupWish }) =>
    id === null
      ? unwrap(api.POST('/api/v1/groups', { body: wish }))
      : unwrap(api.PUT('/api/v1/groups/{group_id}', { ...at(id), body: wish })),
  )

export const useDeleteGroup = () => useGroupChange((id: number) => unwrap(api.DELETE('/api/v1/groups/{group_id}', at(id))))

type Belonging = { group: number; members: { user_id: number; is_administrator: boolean }[] }

/** Adds people, or changes whether they look after the group. */
export const usePutMembers = () =>
  useGroupChange(({ group, members }: Belonging) =>
    unwrap(api.POST('/api/v1/groups/{group_id}/members', { ...at(group), body: { members } })),
  )

export const useTakeMemberAway = () =>
  useGroupChange(({ group: group_id, user: user_id }: { group: number; user: number }) =>
    unwrap(api.DELETE('/api/v1/groups/{group_id}/members/{user_id}', { params: { path: { group_id, user_id } } })),
  )

type Nesting = { group: number; nested: number; isThere: boolean }

/** Lays a group into another, or takes it out. */
export const useNest = () =>
  useGroupChange(({ group: group_id, nested: nested_id, isThere }: Nesting) => {
    const params = { path: { group_id, nested_id } }
    return isThere
      ? unwrap(api.PUT('/api/v1/groups/{group_id}/nested/{nested_id}', { params }))
      : unwrap(api.DELETE('/api/v1/groups/{group_id}/nested/{nested_id}', { params }))
  })
