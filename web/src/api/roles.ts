import { t } from '@lingui/core/macro'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components } from './schema'

export type Role = components['schemas']['RoleOut']
export type RoleWish = components['schemas']['RoleIn']
export type RoleOfGroup = components['schemas']['RoleOfGroup']
export type Right = components['schemas']['RightOut']
type Holders = { people: { id: number }[]; groups: { id: number }[] }

const queryKey = ['roles']

export const rolesQuery = queryOptions({
  queryKey,
  queryFn: async () => (await unwrap(api.GET('/api/v1/roles'))).items,
})

export const rightsOfPersonQuery = (user_id: number) =>
  queryOptions({
    queryKey: [...queryKey, 'of', user_id],
    queryFn: async () =>
      (await unwrap(api.GET('/api/v1/users/{user_id}/rights', { params: { path: { user_id } } }))).items,
  })

/** The roles of a group's people, by it and by those in which it lies. */
export const rolesOfGroupQuery = (group_id: number) =>
  queryOptions({
    queryKey: [...queryKey, t`of group`, group_id],
    queryFn: async () =>
      (await unwrap(api.GET('/api/v1/groups/{group_id}/roles', { params: { path: { group_id } } }))).items,
  })

type Binding = { role: number; group: number; hasIt: boolean }

/** Gives a group a role, or takes it away. */
export function useBindGroup() {
  return useChange(({ role: role_id, group: group_id, hasIt }: Binding) => {
    const params = { path: { role_id, group_id } }
    return hasIt
      ? unwrap(api.PUT('/api/v1/roles/{role_id}/groups/{group_id}', { params }))
      : unwrap(api.DELETE('/api/v1/roles/{role_id}/groups/{group_id}', { params }))
  })
}

/** Makes a role, or changes one. */
export function useSaveRole() {
  return useChange(({ id, wish }: { id: number | null; wish: RoleWish }) =>
    id === null
      ? unwrap(api.POST('/api/v1/roles', { body: wish }))
      : unwrap(api.PUT('/api/v1/roles/{role_id}', { params: { path: { role_id: id } }, body: wish })),
  )
}

export function useDeleteRole() {
  return useChange((role_id: number) => unwrap(api.DELETE('/api/v1/roles/{role_id}', { params: { path: { role_id } } })))
}

/** Gives a role to those who shall have it and don't, and takes it from those who have it and shall not. */
export function useSetHolders() {
  return useChange(async ({ id: role_id, before, after }: { id: number; before: Holders; after: Holders }) => {
    for (const { id: user_id } of without(after.people, before.people))
      await unwrap(api.PUT('/api/v1/roles/{role_id}/people/{user_id}', { params: { path: { role_id, user_id } } }))
    for (const { id: user_id } of without(before.people, after.people))
      await unwrap(api.DELETE('/api/v1/roles/{role_id}/people/{user_id}', { params: { path: { role_id, user_id } } }))
    for (const { id: group_id } of without(after.groups, before.groups))
      await unwrap(api.PUT('/api/v1/roles/{role_id}/groups/{group_id}', { params: { path: { role_id, group_id } } }))
    for (const { id: group_id } of without(before.groups, after.groups))
      await unwrap(api.DELETE('/api/v1/roles/{role_id}/groups/{group_id}', { params: { path: { role_id, group_id } } }))
  })
}

function without(some: { id: number }[], others: { id: number }[]) {
  return some.filter(({ id }) => !others.some((one) => one.id === id))
}

function useChange<Wish, Result>(change: (wish: Wish) => Promise<Result>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey }) })
}
