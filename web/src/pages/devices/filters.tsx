import { NativeSelect } from '@mantine/core'
import type { Room } from '../../api/rooms'
import { seatLooks, seatStates } from '../../components/seat-state'
import classes from './devices.module.css'
import { parseFilter, withKey } from './filter'

type Props = { text: string; rooms: Room[]; onChange: (text: string) => void }

/** The filters of the search by choice. They write into the search, so that one can learn to type them. */
export function Filters({ text, rooms, onChange }: Props) {
  const { filter } = parseFilter(text, rooms)
  const room = rooms.find(({ id }) => id === filter.room_id)
  const set = (key: string, value: string) => {
    onChange(withKey(text, key, value === '' ? null : value))
  }
  return (
    <div className={classes.filters}>
      <NativeSelect
        aria-label="Room"
        value={room?.name ?? ''}
        data={[{ value: '', label: 'Every room' }, ...rooms.map(({ name }) => name)]}
        onChange={(event) => {
          set('room', event.currentTarget.value)
        }}
      />
      <NativeSelect
        aria-label="Status"
        value={filter.state ?? ''}
        data={[
          { value: '', label: 'Any status' },
          ...seatStates.map((state) => ({ value: state, label: seatLooks[state].word })),
        ]}
        onChange={(event) => {
          set('status', event.currentTarget.value)
        }}
      />
      <NativeSelect
        aria-label="Place"
        value={filter.unplaced ? 'none' : ''}
        data={[
          { value: '', label: 'Any place' },
          { value: 'none', label: 'Without a place' },
        ]}
        onChange={(event) => {
          set('place', event.currentTarget.value)
        }}
      />
      <NativeSelect
        aria-label="Owner"
        value={filter.shared ? 'none' : (filter.owner ?? '')}
        data={[
          { value: '', label: 'Any owner' },
          { value: 'none', label: 'Without an owner' },
          ...(filter.owner ? [{ value: filter.owner, label: `${filter.owner}’s own` }] : []),
        ]}
        onChange={(event) => {
          set('owner', event.currentTarget.value)
        }}
      />
    </div>
  )
}
