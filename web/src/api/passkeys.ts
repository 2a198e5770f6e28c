import { t } from '@lingui/core/macro'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { inOwnLanguage } from '../components/own-language'
import { rememberUser } from './account'
import { api } from './client'
import { Problem, unwrap } from './problem'
import { profileQuery, useChange } from './profile'
import type { components } from './schema'

export type Passkey = components['schemas']['PasskeyOut']
type Made = components['schemas']['NewCredential']
type Used = components['schemas']['UsedCredential']

export const passkeysQuery = queryOptions({
  queryKey: ['profile', 'passkeys'],
  queryFn: async () => (await unwrap(api.GET('/api/v1/profile/passkeys'))).items,
})

/** Whether this browser can make and use passkeys here: on secure origins only. */
export function hasPasskeys(): boolean {
  return 'PublicKeyCredential' in window && 'parseCreationOptionsFromJSON' in PublicKeyCredential
}

export function useAddPasskey() {
  return useChange(async (name: string) => {
    const { options } = await unwrap(api.POST('/api/v1/profile/passkeys/begin'))
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as never)
    const credential = await answerOf<Made>(navigator.credentials.create({ publicKey }))
    return unwrap(api.POST('/api/v1/profile/passkeys', { body: { name, credential } }))
  })
}

export function useRenamePasskey(passkey_id: number) {
  return useChange((name: string) =>
    unwrap(api.PATCH('/api/v1/profile/passkeys/{passkey_id}', { params: { path: { passkey_id } }, body: { name } })),
  )
}

export function useRemovePasskey(passkey_id: number) {
  return useChange(() =>
    unwrap(api.DELETE('/api/v1/profile/passkeys/{passkey_id}', { params: { path: { passkey_id } } })),
  )
}

export function useSignInByPasskey() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () => unwrap(api.POST('/api/v1/auth/passkey', { body: { credential: await askForPasskey() } })),
    onSuccess: (user) => {
      rememberUser(client, user)
    },
  })
}

export function useProveByPasskey() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () =>
      unwrap(api.POST('/api/v1/profile/proof/passkey', { body: { credential: await askForPasskey() } })),
    onSuccess: () => client.invalidateQueries({ queryKey: profileQuery.queryKey }),
  })
}

async function askForPasskey(): Promise<Used> {
  const { options } = await unwrap(api.POST('/api/v1/auth/passkey/begin'))
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as never)
  return answerOf<Used>(navigator.credentials.get({ publicKey }))
}

/** What the device answered, as the server reads it; a Problem where the person or the device would not. */
async function answerOf<T>(asked: Promise<Credential | null>): Promise<T> {
  const credential = await asked.catch((error: unknown) => {
    throw new Problem(0, refusals()[error instanceof DOMException ? error.name : ''] ?? refused())
  })
  if (!(credential instanceof PublicKeyCredential)) throw new Problem(0, refused())
  return credential.toJSON() as T
}

const refused = inOwnLanguage(() => t`Your device gave no passkey. Try again, or take another way.`)
const refusals = inOwnLanguage((): Record<string, string> => ({
  InvalidStateError: t`This device has a passkey of your account already. Take another device.`,
  SecurityError: t`Passkeys work at the address of this server only: open its page there.`,
}))
