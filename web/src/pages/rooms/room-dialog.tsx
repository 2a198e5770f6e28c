import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { messageOf } from '../../api/problem'
import { useSaveRoom, type Room, type RoomWish } from '../../api/rooms'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { NameField } from '../../components/name-field'
import { showDone } from '../../components/notices'
import { ownZone, ZoneSelect } from '../../components/zone-select'
import classes from './rooms.module.css'

type Props = { room: Room | null; isOpen: boolean; onClose: () => void; onSaved?: (room: Room) => void }

/** Makes a room, or changes one. */
export function RoomDialog({ room, isOpen, onClose, onSaved }: Props) {
  return (
    <Dialog title={room ? t`Edit ${room.name}` : t`Add a room`} isOpen={isOpen} onClose={onClose}>
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
        showDone(room ? t`${saved.name} is changed.` : t`${saved.name} is there.`)
        onSaved?.(saved)
      },
      () => undefined,
    )
  }
  return (
    <DialogForm
      action={room ? t`Save` : t`Add the room`}
      isBusy={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <NameField
        name={wish.name}
        placeholder={t`Lab 1`}
        required
        error={save.error && messageOf(save.error)}
        onChange={(name) => {
          change({ name })
        }}
      />
      <div className={classes.sides}>
        <Side label={t`Rows`} value={wish.rows} onChange={(rows) => { change({ rows }) }} />
        <Side label={t`Computers in a row`} value={wish.columns} onChange={(columns) => { change({ columns }) }} />
      </div>
      <ZoneSelect label={t`Time zone`} zone={wish.zone} onChange={(zone) => { change({ zone }) }} />
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
