import { t } from '@lingui/core/macro'
import type { DeviceFilter } from '../../api/devices'
import type { Room } from '../../api/rooms'
import { seatStates } from '../../components/seat-state'

/** What the server is asked for, and what of the text it can't be asked. */
export type Parsed = { filter: DeviceFilter; complaints: string[] }

/**
 * Reads `pc room:"Lab 1" status:idle place:none owner:ada`: words of the name, and key:value filters.
 *
 * What is wrong is left out and complained of, so that half-typed filters don't empty the list.
 */
export function parseFilter(text: string, rooms: Room[]): Parsed {
  const parsed: Parsed = { filter: {}, complaints: [] }
  const words: string[] = []
  for (const part of text.match(/[a-z]+:"[^"]*"?|\S+/gi) ?? []) {
    const [, key, value] = /^([a-z]+):"?([^"]*)"?$/i.exec(part) ?? []
    if (key === undefined || value === undefined) words.push(part)
    else readKey(key.toLowerCase(), value.toLowerCase(), rooms, parsed)
  }
  if (words.length > 0) parsed.filter.search = words.join(' ')
  return parsed
}

function readKey(key: string, value: string, rooms: Room[], { filter, complaints }: Parsed): void {
  if (key === 'room') {
    const room = rooms.find(({ name }) => name.toLowerCase() === value)
    if (room) filter.room_id = room.id
    else complaints.push(t`There is no room “${value}”.`)
  } else if (key === 'status') {
    const state = seatStates().find((one) => one === value.replace(' ', '-'))
    if (state) filter.state = state
    else complaints.push(t`A status is one of ${seatStates().join(', ')}.`)
  } else if (key === 'place' && value === 'none') filter.unplaced = true
  else if (key === 'owner' && value === 'none') filter.shared = true
  else if (key === 'owner' && value !== '') filter.owner = value
  else complaints.push(t`There is no filter ${key}:${value}. Use room:, status:, owner: or place:none.`)
}

/** The text with one filter set, changed or, with null, taken out. */
export function withKey(text: string, key: string, value: string | null): string {
  const others = text.replace(new RegExp(String.raw`(^|\s)${key}:("[^"]*"?|\S*)`, 'gi'), ' ')
  const set = value === null ? '' : `${key}:${/\s/.test(value) ? `"${value}"` : value}`
  return `${others} ${set}`.replace(/\s+/g, ' ').trim()
}
