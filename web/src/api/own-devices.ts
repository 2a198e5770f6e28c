import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components } from './schema'

export type OwnDevice = components['schemas']['OwnDevice']

/** No event tells of agents that come and go. */
const lookAgainAfter = 10_000
const queryKey = ['own-devices']

export const ownDevicesQuery = queryOptions({
  queryKey,
  queryFn: async () => (await unwrap(api.GET('/api/v1/devices/mine'))).items,
  refetchInterval: lookAgainAfter,
})

const at = (device_id: number) => ({ params: { path: { device_id } } })

export function usePairingCode() {
  return useMutation({ mutationFn: () => unwrap(api.POST('/api/v1/devices/pairing-codes')) })
}

export function useRenameDevice() {
  return useOwnDeviceChange(({ id, name }: { id: number; name: string }) =>
    unwrap(api.PATCH('/api/v1/devices/mine/{device_id}', { ...at(id), body: { name } })),
  )
}

export function useRevokeDevice() {
  return useOwnDeviceChange((id: number) => unwrap(api.DELETE('/api/v1/devices/mine/{device_id}/token', at(id))))
}

function useOwnDeviceChange<Wish, Answer>(change: (wish: Wish) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey }) })
}
