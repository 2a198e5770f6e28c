import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api } from './client'
import type { Topic } from './live-stream'
import { unwrap } from './problem'
import type { components } from './schema'

export type Room = components['schemas']['RoomOut']
export type RoomWish = components['schemas']['RoomIn']
export type RoomMap = components['schemas']['RoomMap']
export type Seat = components['schemas']['Seat']
export type SeatState = components['schemas']['SeatState']
export type Counts = RoomMap['counts']
export type OpenNow = components['schemas']['OpenNow']
export type Opening = components['schemas']['Opening']
export type Occupancy = components['schemas']['Occupancy']

const keys = {
  rooms: ['rooms'],
  occupancy: ['occupancy'],
  map: (id: number) => ['room-map', id],
  opening: (id: number) => ['opening-hours', id],
} as const

const at = (id: number) => ({ params: { path: { room_id: id } } })

export const roomsQuery = queryOptions({
  queryKey: keys.rooms,
  queryFn: async () => (await unwrap(api.GET('/api/v1/rooms'))).items,
})

export const occupancyQuery = queryOptions({
  queryKey: keys.occupancy,
  queryFn: () => unwrap(api.GET('/api/v1/rooms/occupancy')),
})

export const mapQuery = (id: number) =>
  queryOptions({ queryKey: keys.map(id), queryFn: () => unwrap(api.GET('/api/v1/rooms/{room_id}/map', at(id))) })

export const openingQuery = (id: number) =>
  queryOptions({
    queryKey: keys.opening(id),
    queryFn: () => unwrap(api.GET('/api/v1/rooms/{room_id}/opening-hours', at(id))),
  })

/** The map of the room whose link has this token. A link that was taken back is not asked for again. */
export const publicMapQuery = (token: string) =>
  queryOptions({
    queryKey: ['public-map', token],
    queryFn: () => unwrap(api.GET('/api/v1/map', { headers: { Authorization: `Bearer ${token}` } })),
  })

/** The stream opens with the map as it is: nothing that was missed has to be fetched. */
export function mapEvents(client: QueryClient, id: number): Topic {
  return {
    path: `/api/v1/rooms/${id}/map/events`,
    onOpen: () => undefined,
    on: {
      map: (data) => {
        client.setQueryData<RoomMap>(keys.map(id), data as RoomMap)
      },
    },
  }
}

/** The stream opens with the counts as they are; `onChange` hears of each later change. */
export function occupancyEvents(client: QueryClient, onChange: () => void = () => undefined): Topic {
  return {
    path: '/api/v1/rooms/occupancy/events',
    onOpen: () => undefined,
    on: {
      occupancy: (data) => {
        client.setQueryData<Occupancy>(keys.occupancy, data as Occupancy)
        onChange()
      },
    },
  }
}

/** Makes a room, or changes the one of this id. */
export function useSaveRoom() {
  return useRoomChange(({ id, wish }: { id: number | null; wish: RoomWish }) =>
    id === null
      ? unwrap(api.POST('/api/v1/rooms', { body: wish }))
      : unwrap(api.PUT('/api/v1/rooms/{room_id}', { ...at(id), body: wish })),
  )
}

export function useDeleteRoom() {
  return useRoomChange((id: number) => unwrap(api.DELETE('/api/v1/rooms/{room_id}', at(id))))
}

/** The token of a new link to the map; an older link is good for nothing from then on. */
export function useShareMap() {
  return useRoomChange((id: number) => unwrap(api.POST('/api/v1/rooms/{room_id}/map-link', at(id))))
}

export function useTakeMapBack() {
  return useRoomChange((id: number) => unwrap(api.DELETE('/api/v1/rooms/{room_id}/map-link', at(id))))
}

export function useSetOpening(id: number) {
  return useRoomChange((body: Opening) =>
    unwrap(api.PUT('/api/v1/rooms/{room_id}/opening-hours', { ...at(id), body })),
  )
}

const changing: unknown[] = ['rooms', 'occupancy', 'room-map', 'opening-hours', 'devices']

/** Whatever shows rooms or the computers in them is fetched again. */
export function refreshRooms(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ predicate: ({ queryKey }) => changing.includes(queryKey[0]) })
}

function useRoomChange<Wish, Answer>(change: (wish: Wish) => Promise<Answer>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => refreshRooms(client) })
}
