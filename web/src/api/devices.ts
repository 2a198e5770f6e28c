import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import { refreshRooms } from './rooms'
import type { components, operations } from './schema'

export type Device = components['schemas']['DeviceOut']
export type DeviceWish = components['schemas']['DeviceIn']
export type DevicePage = components['schemas']['DeviceList']
export type DeviceToken = components['schemas']['DeviceToken']
export type Import = components['schemas']['ImportOut']
export type DeviceFilter = NonNullable<operations['list_devices']['parameters']['query']>
/** Where a computer stands: in which room if any, and where in its grid if anywhere. */
export type Spot = Pick<Device, 'row' | 'column'> & { room_id: number | null }

const at = (id: number) => ({ params: { path: { device_id: id } } })

export const devicesQuery = (query: DeviceFilter) =>
  queryOptions({
    queryKey: ['devices', query],
    queryFn: () => unwrap(api.GET('/api/v1/devices', { params: { query } })),
  })

export const deviceQuery = (id: number) =>
  queryOptions({
    queryKey: ['devices', 'one', id],
    queryFn: () => unwrap(api.GET('/api/v1/devices/{device_id}', at(id))),
  })

export function useCreateDevice() {
  return useDeviceChange((body: DeviceWish) => unwrap(api.POST('/api/v1/devices', { body })))
}

export function useChangeDevice() {
  return useDeviceChange(({ id, wish }: { id: number; wish: DeviceWish }) =>
    unwrap(api.PUT('/api/v1/devices/{device_id}', { ...at(id), body: wish })),
  )
}

/** Moves a computer; its other properties stay. */
export function useMoveDevice() {
  return useDeviceChange(async ({ id, spot }: { id: number; spot: Spot }) => {
    const { name, template } = await unwrap(api.GET('/api/v1/devices/{device_id}', at(id)))
    return unwrap(api.PUT('/api/v1/devices/{device_id}', { ...at(id), body: { name, template, ...spot } }))
  })
}

export function useNewToken() {
  return useDeviceChange((id: number) => unwrap(api.POST('/api/v1/devices/{device_id}/token', at(id))))
}

export function useRevokeToken() {
  return useDeviceChange((id: number) => unwrap(api.DELETE('/api/v1/devices/{device_id}/token', at(id))))
}

export function useCreateCode() {
  return useMutation({
    mutationFn: (roomId: number | null) => unwrap(api.POST('/api/v1/devices/codes', { body: { room_id: roomId } })),
  })
}

type ImportWish = { file: string; preview?: boolean; skipWrong?: boolean }

/** Makes the devices of a CSV file, or with `preview` only says what would be done. */
export function useImport() {
  return useDeviceChange(({ file, preview = false, skipWrong = false }: ImportWish) =>
    unwrap(
      api.POST('/api/v1/devices/import', {
        params: { query: { preview, skip_errors: skipWrong } },
        body: file,
        bodySerializer: (text: string) => text,
        headers: { 'Content-Type': 'text/csv' },
      }),
    ),
  )
}

function useDeviceChange<Wish, Answer>(change: (wish: Wish) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => refreshRooms(client) })
}
