import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { api } from './client'
import { isStatus, unwrap } from './problem'
import { randomKey } from './random-key'
import type { components } from './schema'

export type Volume = components['schemas']['VolumeOut']
export type VolumeWish = components['schemas']['VolumeIn']
export type Access = components['schemas']['Access']
export type SharesWish = components['schemas']['SharesIn']
export type Gift = components['schemas']['GiftOut']
export type Shares = components['schemas']['SharesOut']

const keys = { all: ['volumes'], shares: (id: number) => ['volumes', id, 'shares'] } as const
const largestPage = 100
const at = (id: number) => ({ params: { path: { volume_id: id } } })
const within = (id: number, desktop: number) => ({ params: { path: { volume_id: id, desktop_id: desktop } } })

/** One's own volumes and those that are shared with one; or everyone's, for administrators. */
export const volumesQuery = (everyones: boolean) =>
  queryOptions({ queryKey: [...keys.all, { everyones }], queryFn: () => allVolumes(everyones) })

async function allVolumes(everyones: boolean): Promise<Volume[]> {
  const volumes: Volume[] = []
  let cursor: number | null = null
  do {
    const query = { all: everyones, limit: largestPage, cursor }
    const page: components['schemas']['VolumeList'] = await unwrap(api.GET('/api/v1/volumes', { params: { query } }))
    volumes.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return volumes
}

/** Where volumes can be made, and how much is left for one's own. */
export const placesQuery = queryOptions({
  queryKey: [...keys.all, 'places'],
  queryFn: () => unwrap(api.GET('/api/v1/volumes/places')),
})

export const sharesQuery = (id: number) =>
  queryOptions({
    queryKey: keys.shares(id),
    queryFn: () => unwrap(api.GET('/api/v1/volumes/{volume_id}/shares', at(id))),
  })

/** Groups with which a volume can be shared: those that one sees. */
export const groupsToShareWithQuery = queryOptions({
  queryKey: [...keys.all, 'groups'],
  queryFn: async () =>
    (await unwrap(api.GET('/api/v1/groups', { params: { query: { limit: largestPage } } }))).items,
})

/** Makes a volume. A wish that is sent again, its answer lost, still makes one. */
export function useMakeVolume() {
  const key = useRef(randomKey())
  const change = useVolumeChange((wish: VolumeWish) =>
    unwrap(api.POST('/api/v1/volumes', { body: wish, params: { header: { 'idempotency-key': key.current } } })).catch(
      (error: unknown) => {
        if (!isStatus(error, 0)) key.current = randomKey()
        throw error
      },
    ),
  )
  return change
}

export function useChangeVolume() {
  return useVolumeChange(({ id, ...wish }: { id: number } & components['schemas']['VolumeChange']) =>
    unwrap(api.PATCH('/api/v1/volumes/{volume_id}', { ...at(id), body: wish })),
  )
}

export function useRetryVolume() {
  return useVolumeChange((id: number) => unwrap(api.POST('/api/v1/volumes/{volume_id}/retry', at(id))))
}

export function useDeleteVolume() {
  return useVolumeChange((id: number) => unwrap(api.DELETE('/api/v1/volumes/{volume_id}', at(id))))
}

export function useShareVolume() {
  return useVolumeChange(({ id, wish }: { id: number; wish: SharesWish }) =>
    unwrap(api.PUT('/api/v1/volumes/{volume_id}/shares', { ...at(id), body: wish })),
  )
}

/** The templates whose desktops all have a volume. */
export const giftQuery = (id: number) =>
  queryOptions({
    queryKey: [...keys.all, id, 'templates'],
    queryFn: () => unwrap(api.GET('/api/v1/volumes/{volume_id}/templates', at(id))),
  })

export function useGiveVolume() {
  return useVolumeChange(({ id, wish }: { id: number; wish: components['schemas']['GiftIn'] }) =>
    unwrap(api.PUT('/api/v1/volumes/{volume_id}/templates', { ...at(id), body: wish })),
  )
}

export function useAttach() {
  return useVolumeChange(({ id, desktop, isReadOnly }: { id: number; desktop: number; isReadOnly: boolean }) =>
    unwrap(
      api.PUT('/api/v1/volumes/{volume_id}/desktops/{desktop_id}', {
        ...within(id, desktop),
        body: { is_read_only: isReadOnly },
      }),
    ),
  )
}

export function useDetach() {
  return useVolumeChange(({ id, desktop }: { id: number; desktop: number }) =>
    unwrap(api.DELETE('/api/v1/volumes/{volume_id}/desktops/{desktop_id}', within(id, desktop))),
  )
}

function useVolumeChange<Wish, Answer>(change: (wish: Wish) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: keys.all }),
  })
}
