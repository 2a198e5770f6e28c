import type { Counts, Occupancy, Room } from '../api/rooms'

export const nobody: Counts = { free: 0, 'in-use': 0, idle: 0, offline: 0 }

/** The counts of a room; a room without computers is left out of what the server counts. */
export function countsOf(occupancy: Occupancy, room: Room): Counts {
  return occupancy.items.find(({ room_id }) => room_id === room.id)?.counts ?? nobody
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}

/** Where people sit: those who work, and those who have been away for a while. */
export function taken(counts: Counts): number {
  return (counts['in-use'] ?? 0) + (counts.idle ?? 0)
}

/** A share as whole percents; of nothing it is nothing. */
export function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`
}

/** Rooms of which the name has each of the words. */
export function matching(rooms: Room[], text: string): Room[] {
  const words = text.toLowerCase().split(/\s+/)
  return rooms.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
}
