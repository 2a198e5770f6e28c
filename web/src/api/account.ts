import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, type User } from './client'
import { unwrap } from './problem'
import { keys } from './queries'
import type { components } from './schema'

type Step = components['schemas']['NextStepOut']
type Credentials = { username: string; password: string }
export type NewAccount = Credentials & { email: string | null; full_name: string | null }

export function useSignIn() {
  return useSigningIn((body: Credentials) => unwrap(api.POST('/api/v1/auth/sign-in', { body })))
}

export function useSignUp() {
  return useSigningIn((body: NewAccount) => unwrap(api.POST('/api/v1/auth/sign-up', { body })))
}

/** Signs in, unless the answer names a second step. */
function useSigningIn<T>(send: (body: T) => Promise<User | Step>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: (answer) => {
      if (!('step' in answer)) rememberUser(client, answer)
    },
  })
}

/** The second step that an answer to a sign-in names, if any. */
export function stepIn(answer: User | Step | undefined): Step['step'] | null {
  return answer && 'step' in answer ? answer.step : null
}

/** Trades a one-time token for a sign-in. A query, since those run once however often a page mounts. */
export const linkQuery = (token: string) =>
  queryOptions({
    queryKey: ['link', token],
    queryFn: () => unwrap(api.POST('/api/v1/auth/link', { body: { token } })),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })

/** Leaves the page for the one of a provider. */
export function useBeginAtProvider() {
  return useMutation({
    mutationFn: (provider: string) =>
      unwrap(api.POST('/api/v1/auth/oidc/{provider}/begin', { params: { path: { provider } } })),
    onSuccess: ({ authorization_url }) => {
      window.location.assign(authorization_url)
    },
  })
}

/** Trades what a provider answered for a sign-in: good once, as with a link. */
export const providerAnswerQuery = (code: string, state: string) =>
  queryOptions({
    queryKey: ['provider-answer', state],
    queryFn: () => unwrap(api.POST('/api/v1/auth/oidc/callback', { body: { code, state } })),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })

export function useForgottenPassword() {
  return useMutation({
    mutationFn: (email: string) => unwrap(api.POST('/api/v1/auth/forgotten-password', { body: { email } })),
  })
}

export function useNewPassword() {
  return useMutation({
    mutationFn: (body: { token: string; new_password: string }) =>
      unwrap(api.POST('/api/v1/auth/new-password', { body })),
  })
}

export function useSendVerification() {
  return useMutation({ mutationFn: () => unwrap(api.POST('/api/v1/auth/verification')) })
}

/** Uses the token of a mail up: once, as with a link. */
export const verifyQuery = (token: string) =>
  queryOptions({
    queryKey: ['verify', token],
    queryFn: async () => {
      await unwrap(api.POST('/api/v1/auth/verify', { body: { token } }))
      return true
    },
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })

/** Takes over as this person: what the last one saw is gone from memory. */
export function rememberUser(client: QueryClient, user: User): void {
  client.setQueryData(keys.me, user)
  forgetWhatWasSeen(client)
}

/** Signs out here, and goes on to the provider with whose account one was signed in, to sign out there too. */
export function useSignOut() {
  return useSigningOut(async () => {
    const { continue_at } = await unwrap(api.POST('/api/v1/auth/sign-out'))
    if (continue_at) window.location.assign(continue_at)
  })
}

export function useSignOutEverywhere() {
  return useSigningOut(() => unwrap(api.POST('/api/v1/auth/sign-out-everywhere')))
}

function useSigningOut(send: () => Promise<unknown>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: send,
    onSuccess: () => {
      client.setQueryData(keys.me, null)
      forgetWhatWasSeen(client)
    },
  })
}

const anybodys: unknown[] = ['about', 'link', 'provider-answer', keys.me[0]]

function forgetWhatWasSeen(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey }) => !anybodys.includes(queryKey[0]) })
}
