import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { occupancyEvents, occupancyQuery, roomsQuery, type Occupancy, type Room } from '../../api/rooms'
import cards from '../../components/cards.module.css'
import { ConnectionBar } from '../../components/connection-bar'
import { Empty } from '../../components/empty'
import { useLive } from '../../components/live'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { SearchField } from '../../components/search-field'
import { useUser } from '../../components/signed-in'
import { DeleteRoomDialog } from './delete-room-dialog'
import { RoomCard } from './room-card'
import { countsOf, matching } from '../../components/room-counts'
import { RoomDialog } from './room-dialog'

export default function RoomsPage() {
  const [text, setText] = useState('')
  const [isAdding, setIsAdding] = useState(false)
  const client = useQueryClient()
  const { data: rooms } = useQuery(roomsQuery)
  const liveness = useLive(useMemo(() => occupancyEvents(client), [client]))
  const add = () => {
    setIsAdding(true)
  }
  return (
    <PageFrame title={t`Rooms`} user={useUser()}>
      <PageHead title={t`Rooms`}>
        <SearchField label={t`Search the rooms`} text={text} onChange={setText} />
        {rooms?.length !== 0 && (
          <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={add}>
            {t`Add a room`}
          </Button>
        )}
      </PageHead>
      <Rooms text={text} onAdd={add} />
      <RoomDialog
        room={null}
        isOpen={isAdding}
        onClose={() => {
          setIsAdding(false)
        }}
      />
      <ConnectionBar liveness={liveness} />
    </PageFrame>
  )
}

function Rooms({ text, onAdd }: { text: string; onAdd: () => void }) {
  const rooms = useQuery(roomsQuery)
  const occupancy = useQuery(occupancyQuery)
  const error = rooms.error ?? occupancy.error
  if (!rooms.data || !occupancy.data) {
    const retry = () => {
      void rooms.refetch()
      void occupancy.refetch()
    }
    return error ? (
      <LoadFailure title={t`The rooms could not be loaded`} error={error} onRetry={retry} />
    ) : (
      <Placeholders />
    )
  }
  if (rooms.data.length === 0) {
    return (
      <Empty text={t`A room is a map of the computers in it: see at a glance which are free and who sits where.`}>
        <Button variant="light" onClick={onAdd}>
          {t`Add the first room`}
        </Button>
      </Empty>
    )
  }
  const found = matching(rooms.data, text)
  if (found.length === 0) return <Empty text={t`No room has all of these words in its name.`} />
  return <Cards rooms={found} occupancy={occupancy.data} />
}

function Placeholders() {
  return (
    <div className={cards.cards} aria-hidden="true">
      {[1, 2, 3].map((number) => (
        <Skeleton key={number} height={158} radius={16} />
      ))}
    </div>
  )
}

type CardsProps = { rooms: Room[]; occupancy: Occupancy }

function Cards({ rooms, occupancy }: CardsProps) {
  const [editing, setEditing] = useState<Room | null>(null)
  const [deleting, setDeleting] = useState<Room | null>(null)
  return (
    <>
      <ul className={cards.cards}>
        {rooms.map((room) => (
          <li key={room.id}>
            <RoomCard
              room={room}
              counts={countsOf(occupancy, room)}
              onEdit={() => {
                setEditing(room)
              }}
              onDelete={() => {
                setDeleting(room)
              }}
            />
          </li>
        ))}
      </ul>
      <RoomDialog
        room={editing}
        isOpen={editing !== null}
        onClose={() => {
          setEditing(null)
        }}
      />
      <DeleteRoomDialog
        room={deleting}
        onClose={() => {
          setDeleting(null)
        }}
      />
    </>
  )
}
