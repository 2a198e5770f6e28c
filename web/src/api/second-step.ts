import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { rememberUser } from './account'
import { api } from './client'
import { unwrap } from './problem'
import { useChange } from './profile'
import type { components } from './schema'

export type SecondStep = components['schemas']['SecondStepOut']
export type SetUp = components['schemas']['SetUpOut']

export const secondStepQuery = queryOptions({
  queryKey: ['profile', 'second-step'],
  queryFn: () => unwrap(api.GET('/api/v1/profile/second-step')),
})

export function useProveByPassword() {
  return useChange((password: string) => unwrap(api.POST('/api/v1/profile/proof', { body: { password } })))
}

/** What an app is set up with: asked for once however often the dialog mounts, and forgotten with it. */
export const setUpQuery = queryOptions({
  queryKey: ['set-up'],
  queryFn: () => unwrap(api.POST('/api/v1/profile/second-step/app')),
  staleTime: Infinity,
  gcTime: 0,
  retry: false,
})

export function useConfirmApp() {
  return useChange((code: string) => unwrap(api.POST('/api/v1/profile/second-step/app/confirm', { body: { code } })))
}

export function useNewRecoveryCodes() {
  return useChange(() => unwrap(api.POST('/api/v1/profile/second-step/recovery-codes')))
}

export function useTurnOff() {
  return useChange(() => unwrap(api.DELETE('/api/v1/profile/second-step')))
}

/** Finishes a sign-in by a code. */
export function useFinishSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (code: string) => unwrap(api.POST('/api/v1/auth/second-step', { body: { code } })),
    onSuccess: (user) => {
      rememberUser(client, user)
    },
  })
}

/** The same as `setUpQuery`, for who is asked to set an app up before they come in. */
export const setUpAtSignInQuery = queryOptions({
  queryKey: ['set-up', 'sign-in'],
  queryFn: () => unwrap(api.POST('/api/v1/auth/second-step/app')),
  staleTime: Infinity,
  gcTime: 0,
  retry: false,
})

export function useConfirmAppAtSignIn() {
  return useMutation({
    mutationFn: (code: string) => unwrap(api.POST('/api/v1/auth/second-step/app/confirm', { body: { code } })),
  })
}
