import { useHotkeys } from '@mantine/hooks'
import { useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import type { RoomMap, Seat } from '../../api/rooms'
import { Board } from '../../components/lab-map/board'
import { placeOf, same, type Cell } from '../../components/lab-map/grid'
import { PageHead } from '../../components/page-head'
import { DeleteRoomDialog } from '../rooms/delete-room-dialog'
import { RoomDialog } from '../rooms/room-dialog'
import { EditPanel } from './edit-panel'
import { OpeningDialog } from './opening-dialog'
import { RoomTools, type RoomDialogName } from './room-tools'
import classes from './room.module.css'
import { SeatDetails } from './seat-details'
import { ShareDialog } from './share-dialog'
import { movableOf, useMove, type Movable } from './use-move'

/** A room's map, what is to know of the computer that is chosen, and in edit mode where each one goes. */
export function RoomView({ map }: { map: RoomMap }) {
  const [selected, setSelected] = useState<Cell | null>(null)
  const [isEditing, setIsEditing] = useState(false)
  const [held, setHeld] = useState<Movable | null>(null)
  const board = useRef<HTMLElement>(null)
  const move = useMove(map.room)
  useHotkeys([['Escape', () => { setHeld(null) }]])

  const take = (seat: Seat) => {
    const movable = movableOf(seat, map.room.id)
    setHeld(held && movable && held.id === movable.id ? null : movable)
  }
  const drop = (cell: Cell) => {
    if (held) move(held, { room_id: map.room.id, ...cell })
    setHeld(null)
  }
  const seat = map.seats.find((one) => selected && same(placeOf(one), selected)) ?? null
  return (
    <div className={classes.wide}>
      <RoomHead
        map={map}
        isEditing={isEditing}
        onEdit={(isOn) => {
          setIsEditing(isOn)
          setHeld(null)
        }}
        onFullScreen={() => void board.current?.requestFullscreen()}
      />
      <div className={classes.room}>
        <Board
          ref={board}
          map={map}
          selected={selected}
          onSelect={setSelected}
          editing={isEditing ? { heldId: held?.id ?? null, onTake: take, onDrop: drop } : undefined}
        />
        {isEditing ? (
          <EditPanel map={map} held={held} onHold={setHeld} onMove={move} />
        ) : (
          <SeatDetails seat={seat} />
        )}
      </div>
    </div>
  )
}

type HeadProps = { map: RoomMap; isEditing: boolean; onEdit: (isOn: boolean) => void; onFullScreen: () => void }

function RoomHead({ map: { room }, isEditing, onEdit, onFullScreen }: HeadProps) {
  const [dialog, setDialog] = useState<RoomDialogName | null>(null)
  const navigate = useNavigate()
  const close = () => {
    setDialog(null)
  }
  return (
    <>
      <PageHead title={room.name}>
        <RoomTools isEditing={isEditing} onEdit={onEdit} onFullScreen={onFullScreen} onOpen={setDialog} />
      </PageHead>
      <RoomDialog room={room} isOpen={dialog === 'room'} onClose={close} />
      <OpeningDialog room={room} isOpen={dialog === 'opening'} onClose={close} />
      <ShareDialog room={room} isOpen={dialog === 'share'} onClose={close} />
      <DeleteRoomDialog
        room={dialog === 'delete' ? room : null}
        onClose={close}
        onDeleted={() => void navigate('/rooms', { replace: true })}
      />
    </>
  )
}
