import { keepPreviousData, queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, type User } from './client'
import { ownEvents } from './events'
import type { Topic } from './live-stream'
import { unwrap } from './problem'
import { may } from './rights'
import { occupancyEvents } from './rooms'
import type { components, operations } from './schema'

export type Person = components['schemas']['PersonOut']
export type PeopleFilter = NonNullable<operations['list_users']['parameters']['query']>

export const personQuery = (id: number) =>
  queryOptions({
    queryKey: ['people', 'one', id],
    queryFn: () => unwrap(api.GET('/api/v1/users/{user_id}', { params: { path: { user_id: id } } })),
  })

/** The first people in whose names each of the words is. */
export const foundPeopleQuery = (search: string) => ({
  queryKey: ['people', 'found', search],
  queryFn: async () => (await unwrap(api.GET('/api/v1/users', { params: { query: { search, limit: 30 } } }))).items,
  placeholderData: keepPreviousData,
})

/** A page of people by username. */
export const peopleQuery = (query: PeopleFilter) =>
  queryOptions({
    queryKey: ['people', 'list', query],
    queryFn: () => unwrap(api.GET('/api/v1/users', { params: { query } })),
    placeholderData: keepPreviousData,
  })

/** Fetches people again when somebody comes or goes, as far as the user may hear of it. */
export function peopleEvents(client: QueryClient, user: User): Topic {
  const refresh = () => void client.invalidateQueries({ queryKey: ['people'] })
  if (may(user, 'devices:read', 'all')) return occupancyEvents(client, refresh)
  if (!may(user, 'activity:read', 'group')) return ownEvents(client, user.id)
  return { path: '/api/v1/sign-ins/events', onOpen: () => undefined, on: { 'sign-ins': refresh, 'sign-outs': refresh } }
}

/** Forgets how a person signs in beside their password, for who has lost it. */
export function useResetSignIn(user_id: number) {
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/v1/users/{user_id}/reset-sign-in', { params: { path: { user_id } } })),
  })
}

/** Makes a person an administrator of the server, or one no more. */
export function useChangeRole(user_id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (role: Person['role']) =>
      unwrap(api.PUT('/api/v1/users/{user_id}/role', { params: { path: { user_id } }, body: { role } })),
    onSuccess: () =>
      Promise.all([['people'], ['roles']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}

/** Lets a person sign in no more, or again. */
export function useDisable(id: number) {
  const client = useQueryClient()
  const at = { params: { path: { user_id: id } } }
  return useMutation({
    mutationFn: (isDisabled: boolean) =>
      unwrap(
        isDisabled
          ? api.POST('/api/v1/users/{user_id}/disable', at)
          : api.POST('/api/v1/users/{user_id}/enable', at),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
  })
}
