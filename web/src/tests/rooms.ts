import type { Device } from '../api/devices'
import type { Room, RoomMap, Seat } from '../api/rooms'
import { grace } from './examples'
import { serverOf } from './render-app'
import type { FakeServer } from './fake-server'

export function room(different: Partial<Room> = {}): Room {
  return { id: 3, name: 'Lab 3', rows: 2, columns: 3, zone: 'Europe/Berlin', has_map_link: false, ...different }
}

export function seat(different: Partial<Seat> = {}): Seat {
  return {
    device_id: 31,
    device: 'pc-01',
    row: 1,
    column: 1,
    state: 'free',
    username: null,
    since: null,
    ...different,
  }
}

export const usedSeat = seat({ state: 'in-use', username: 'ada', since: '2026-01-05T09:00:00Z' })
export const idleSeat = seat({
  device_id: 32, device: 'pc-02', column: 2, state: 'idle', username: 'bob', since: '2026-01-05T09:20:00Z',
})
export const freeSeat = seat({ device_id: 33, device: 'pc-03', row: 2, column: 3 })

/** In the first row ada works and bob is away; in the second one computer is free, at the end. */
export function roomMap(different: Partial<RoomMap> = {}): RoomMap {
  return {
    room: room(),
    opening: null,
    counts: { 'in-use': 1, idle: 1, free: 1, offline: 0 },
    seats: [usedSeat, idleSeat, freeSeat],
    ...different,
  }
}

export function device(different: Partial<Device> = {}): Device {
  return {
    id: 31,
    uuid: '0b8a2b5e-7f51-4c58-9d0e-6a8f5a8f3c31',
    name: 'pc-01',
    room: room(),
    row: 1,
    column: 1,
    template: 'office',
    owner: null,
    state: 'in-use',
    has_token: true,
    enrolled_at: '2026-01-01T09:00:00Z',
    revoked_at: null,
    last_seen_at: '2026-01-05T09:29:00Z',
    ...different,
  }
}

export const devicePage = (...items: Device[]) => ({ items, next_cursor: null, total: items.length })

/** A server of one room, to which an administrator is signed in. */
export function serverOfRoom(map: RoomMap = roomMap()): FakeServer {
  const { room: itsRoom, counts } = map
  return serverOf(grace)
    .on('GET /api/v1/rooms', { body: { items: [itsRoom] } })
    .on('GET /api/v1/rooms/occupancy', { body: { items: [{ room_id: itsRoom.id, counts }] } })
    .on(`GET /api/v1/rooms/${itsRoom.id}/map`, { body: map })
    .on(`GET /api/v1/rooms/${itsRoom.id}/opening-hours`, { body: { week: [], exceptions: [] } })
    .on('GET /api/v1/devices', { body: devicePage(device()) })
}
