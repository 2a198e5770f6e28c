import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { api } from './client'
import { isStatus, unwrap } from './problem'
import { randomKey } from './random-key'
import type { components } from './schema'

export type Restore = components['schemas']['RestoreOut']
export type RestoredApplication = components['schemas']['RestoredApplicationOut']
export type ApplicationState = components['schemas']['ApplicationState']

const keyOf = (run: string) => ['restore', run]

export const restoreQuery = (run: string) =>
  queryOptions({
    queryKey: keyOf(run),
    queryFn: () => unwrap(api.GET('/api/v1/restores/{run}', { params: { path: { run } } })),
  })

/** The restore of a session that goes on now; null where none does. */
export const runningRestoreQuery = (session_id: number) =>
  queryOptions({
    queryKey: ['session', session_id, 'running-restore'],
    queryFn: async () => {
      const params = { path: { session_id }, query: { limit: 1 } }
      const { items } = await unwrap(api.GET('/api/v1/sessions/{session_id}/restores', { params }))
      return items.find(({ state }) => state !== 'finished') ?? null
    },
  })

/** Puts what was just heard of a restore where it is shown. */
export function rememberRestore(client: QueryClient, restore: Restore): void {
  client.setQueryData<Restore>(keyOf(restore.run), (known) => further(known, restore))
}

/** An answer may arrive after an event that tells of something later: a restore only goes forward. */
function further(known: Restore | undefined, heard: Restore): Restore {
  return known && progress(known) > progress(heard) ? known : heard
}

const order: ApplicationState[] = ['waiting', 'already-running', 'started', 'placed', 'not-found', 'denied', 'failed']
const stages: Restore['state'][] = ['waiting', 'running', 'finished']

function progress({ state, applications }: Restore): number {
  const steps = applications.reduce((sum, one) => sum + order.indexOf(one.state), 0)
  return stages.indexOf(state) * 1_000_000 + steps
}

type Wish = { id: number; device_id: number | null; save_id: number | null }

/** Brings a session back. A wish that is sent again, its answer lost, still starts everything once. */
export function useRestore() {
  const client = useQueryClient()
  const key = useRef(randomKey())
  return useMutation({
    mutationFn: ({ id, ...body }: Wish) =>
      unwrap(
        api.POST('/api/v1/sessions/{session_id}/restore', {
          body,
          params: { path: { session_id: id }, header: { 'idempotency-key': key.current } },
        }),
      ),
    onSuccess: (restore) => {
      rememberRestore(client, restore)
    },
    onSettled: (_, error) => {
      if (!isStatus(error, 0)) key.current = randomKey()
    },
  })
}
