import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, type User } from './client'
import { unwrap } from './problem'
import { keys } from './queries'
import type { components } from './schema'

export type Profile = components['schemas']['ProfileOut']
export type ProfileWish = Partial<components['schemas']['ProfileIn']>
export type PasswordWish = components['schemas']['PasswordIn']
export type Login = components['schemas']['LoginOut']

export const profileQuery = queryOptions({
  queryKey: ['profile'],
  queryFn: () => unwrap(api.GET('/api/v1/profile')),
})

export const loginsQuery = queryOptions({
  queryKey: ['profile', 'sign-ins'],
  queryFn: async () => (await unwrap(api.GET('/api/v1/profile/sign-ins'))).items,
})

export function useChangeProfile() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: ProfileWish) =>
      unwrap(api.PATCH('/api/v1/profile', { body: body as components['schemas']['ProfileIn'] })),
    onSuccess: (profile) => {
      client.setQueryData(profileQuery.queryKey, profile)
      const { full_name, email, zone, language, theme } = profile
      client.setQueryData<User | null>(keys.me, (me) => me && { ...me, full_name, email, zone, language, theme })
    },
  })
}

export function useChangePassword() {
  return useChange((body: PasswordWish) => unwrap(api.PUT('/api/v1/profile/password', { body })))
}

export function useEndLogin() {
  return useChange((login_id: number) =>
    unwrap(api.DELETE('/api/v1/profile/sign-ins/{login_id}', { params: { path: { login_id } } })),
  )
}

export function useEndOtherLogins() {
  return useChange(() => unwrap(api.DELETE('/api/v1/profile/sign-ins')))
}

/** Does something of which every part of the profile may tell. */
export function useChange<Wish, T>(send: (wish: Wish) => Promise<T>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: () => client.invalidateQueries({ queryKey: profileQuery.queryKey }),
  })
}
