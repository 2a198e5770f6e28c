import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { messageOf } from '../../api/problem'
import { useSaveRoom, type Room, type RoomWish } from '../../api/rooms'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { showDone } from '../../components/notices'
import { ownZone, ZoneSelect } from '../../components/zone-select'
import classes from './rooms.module.css'

type Props = { room: Room | null; isOpen: boolean; onClose: () => void; onSaved?: (room: Room) => void }

/** Makes a room, or changes one. */
export function RoomDialog({ room, isOpen, onClose, onSaved }: Props) {
  return (
    <Dialog title={room ? `Edit ${room.name}` : 'Add a room'} isOpen={isOpen} onClose={onClose}>
      <RoomForm room={room} onClose={onClose} onSaved={onSaved} />
    </Dialog>
  )
}

const newRoom: RoomWish = { name: '', rows: 4, columns: 6, zone: ownZone }
const largestSide = 200

function RoomForm({ room, onClose, onSaved }: Pick<Props, 'room' | 'onClose'> & { onSaved: Props['onSaved'] }) {
  const [wish, setWish] = useState<RoomWish>(() => (room ? wishOf(room) : newRoom))
  const save = useSaveRoom()
  const change = (part: Partial<RoomWish>) => {
    setWish({ ...wish, ...part })
  }
  const submit = () => {
    save.mutateAsync({ id: room?.id ?? null, wish }).then(
      (saved) => {
        onClose()
        showDone(room ? `${saved.name} is changed.` : `${saved.name} is there.`)
        onSaved?.(saved)
      },
      () => undefined,
    )
  }
  return (
    <DialogForm
      action={room ? 'Save' : 'Add the room'}
      isBusy={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        placeholder="Lab 1"
        required
        maxLength={64}
        data-autofocus
        error={save.error && messageOf(save.error)}
        value={wish.name}
        onChange={(event) => {
          change({ name: event.currentTarget.value })
        }}
      />
      <div className={classes.sides}>
        <Side label="Rows" value={wish.rows} onChange={(rows) => { change({ rows }) }} />
        <Side label="Computers in a row" value={wish.columns} onChange={(columns) => { change({ columns }) }} />
      </div>
      <ZoneSelect label="Time zone" zone={wish.zone} onChange={(zone) => { change({ zone }) }} />
    </DialogForm>
  )
}

function wishOf({ name, rows, columns, zone }: Room): RoomWish {
  return { name, rows, columns, zone }
}

function Side({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) {
  return (
    <TextInput
      label={label}
      type="number"
      required
      min={1}
      max={largestSide}
      value={value === 0 ? '' : value}
      onChange={(event) => {
        onChange(Number(event.currentTarget.value))
      }}
    />
  )
}
