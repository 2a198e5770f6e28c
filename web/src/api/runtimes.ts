import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api } from './client'
import type { Topic } from './live-stream'
import { unwrap } from './problem'
import type { components } from './schema'

export type Runtime = components['schemas']['RuntimeOut']
export type RuntimeChange = components['schemas']['RuntimeChange']
export type RuntimeWish = components['schemas']['RuntimeIn']
export type RuntimeKind = components['schemas']['KindOut']

const keys = { runtimes: ['runtimes'], kinds: ['runtime-kinds'] } as const
const at = (id: number) => ({ params: { path: { runtime_id: id } } })

export const runtimesQuery = queryOptions({
  queryKey: keys.runtimes,
  queryFn: async () => (await unwrap(api.GET('/api/v1/runtimes'))).items,
})

/** The kinds of runtimes that are installed, and what each asks for. */
export const runtimeKindsQuery = queryOptions({
  queryKey: keys.kinds,
  queryFn: async () => (await unwrap(api.GET('/api/v1/runtime-kinds'))).items,
})

const pauseMs = 1000

/** Keeps what the runtimes carry level with the desktops; many that change at once are asked for once. */
export function runtimeEvents(client: QueryClient): Topic {
  let isDue = false
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.runtimes })
  }
  const refreshSoon = () => {
    if (isDue) return
    isDue = true
    setTimeout(() => {
      isDue = false
      refresh()
    }, pauseMs)
  }
  return {
    path: '/api/v1/desktops/events',
    onOpen: refresh,
    on: { desktop: refreshSoon, 'desktop-deleted': refreshSoon },
  }
}

export function useAddRuntime() {
  return useRuntimeChange((wish: RuntimeWish) => unwrap(api.POST('/api/v1/runtimes', { body: wish })))
}

export function useChangeRuntime() {
  return useRuntimeChange(({ id, change }: { id: number; change: RuntimeChange }) =>
    unwrap(api.PUT('/api/v1/runtimes/{runtime_id}', { ...at(id), body: change })),
  )
}

export function useRemoveRuntime() {
  return useRuntimeChange((id: number) => unwrap(api.DELETE('/api/v1/runtimes/{runtime_id}', at(id))))
}

/** Asks a runtime whether it answers. */
export function useTestRuntime() {
  return useMutation({
    mutationFn: (id: number) => unwrap(api.POST('/api/v1/runtimes/{runtime_id}/test', at(id))),
  })
}

/** What may be changed of a runtime, as it is. */
export function changeOf({ settings, labels, desktops, memory_mb, cpus, is_drained }: Runtime): RuntimeChange {
  return { settings, labels, desktops: desktops ?? null, memory_mb: memory_mb ?? null, cpus: cpus ?? null, is_drained }
}

function useRuntimeChange<Wish, Answer>(change: (wish: Wish) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.runtimes }),
        client.invalidateQueries({ queryKey: ['templates'] }),
      ]),
  })
}
