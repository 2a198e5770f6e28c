import { t } from '@lingui/core/macro'
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
        aria-label={t`Room`}
        value={room?.name ?? ''}
        data={[{ value: '', label: t`Every room` }, ...rooms.map(({ name }) => name)]}
        onChange={(event) => {
          set('room', event.currentTarget.value)
        }}
      />
      <NativeSelect
        aria-label={t`Status`}
        value={filter.state ?? ''}
        data={[
          { value: '', label: t`Any status` },
          ...seatStates().map((state) => ({ value: state, label: seatLooks()[state].word })),
        ]}
        onChange={(event) => {
          set('status', event.currentTarget.value)
        }}
      />
      <NativeSelect
        aria-label={t`Place`}
        value={filter.unplaced ? 'none' : ''}
        data={[
          { value: '', label: t`Any place` },
          { value: 'none', label: t`Without a place` },
        ]}
        onChange={(event) => {
          set('place', event.currentTarget.value)
        }}
      />
      <NativeSelect
        aria-label={t`Owner`}
        value={filter.shared ? 'none' : (filter.owner ?? '')}
        data={[
          { value: '', label: t`Any owner` },
          { value: 'none', label: t`Without an owner` },
          ...(filter.owner ? [{ value: filter.owner, label: t`${filter.owner}’s own` }] : []),
        ]}
        onChange={(event) => {
          set('owner', event.currentTarget.value)
        }}
      />
    </div>
  )
}
