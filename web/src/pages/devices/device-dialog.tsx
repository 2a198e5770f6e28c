import { t } from '@lingui/core/macro'
import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChangeDevice, useCreateDevice, type Device, type DeviceToken, type DeviceWish } from '../../api/devices'
import { messageOf } from '../../api/problem'
import type { Room } from '../../api/rooms'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { NameField } from '../../components/name-field'
import { showDone } from '../../components/notices'
import classes from './devices.module.css'

type Props = { device: Device | null; rooms: Room[]; onClose: () => void; onMade: (made: DeviceToken) => void }

/** Makes a device, or renames or moves one. */
export function DeviceDialog({ device, rooms, onClose, onMade }: Props) {
  const [wish, setWish] = useState<DeviceWish>(() => wishOf(device))
  const create = useCreateDevice()
  const change = useChangeDevice()
  const error = create.error ?? change.error
  const set = (part: Partial<DeviceWish>) => {
    setWish({ ...wish, ...part })
  }
  const submit = () => {
    const done = device
      ? change.mutateAsync({ id: device.id, wish }).then(({ name }) => {
          onClose()
          showDone(t`${name} is changed.`)
        })
      : create.mutateAsync(wish).then(onMade)
    done.catch(() => undefined)
  }
  return (
    <Dialog title={device ? t`Rename or move ${device.name}` : t`Add a device`} isOpen onClose={onClose}>
      <DialogForm
        action={device ? t`Save` : t`Add the device`}
        isBusy={create.isPending || change.isPending}
        onSubmit={submit}
        onClose={onClose}
      >
        <NameField
          name={wish.name}
          placeholder="pc-07"
          required
          error={error && messageOf(error)}
          onChange={(name) => {
            set({ name })
          }}
        />
        <PlaceFields wish={wish} rooms={rooms} onChange={set} />
      </DialogForm>
    </Dialog>
  )
}

function wishOf(device: Device | null): DeviceWish {
  if (!device) return { name: '', room_id: null, row: null, column: null, template: null }
  const { name, room, row, column, template } = device
  return { name, room_id: room?.id ?? null, row, column, template }
}

type PlaceProps = { wish: DeviceWish; rooms: Room[]; onChange: (part: Partial<DeviceWish>) => void }

function PlaceFields({ wish, rooms, onChange }: PlaceProps) {
  const room = rooms.find(({ id }) => id === wish.room_id)
  return (
    <>
      <NativeSelect
        label={t`Room`}
        value={wish.room_id ?? ''}
        data={[{ value: '', label: t`No room` }, ...rooms.map(({ id, name }) => ({ value: String(id), label: name }))]}
        onChange={(event) => {
          const { value } = event.currentTarget
          onChange({ room_id: value === '' ? null : Number(value), row: null, column: null })
        }}
      />
      {room && (
        <div className={classes.places}>
          <Count label={t`Row`} most={room.rows} value={wish.row} onChange={(row) => { onChange({ row }) }} />
          <Count label={t`Column`} most={room.columns} value={wish.column} onChange={(column) => { onChange({ column }) }} />
        </div>
      )}
    </>
  )
}

type CountProps = {
  label: string
  most: number
  value: number | null | undefined
  onChange: (value: number | null) => void
}

function Count({ label, most, value, onChange }: CountProps) {
  return (
    <TextInput
      type="number"
      label={label}
      placeholder={t`1 to ${most}`}
      min={1}
      max={most}
      value={value ?? ''}
      onChange={(event) => {
        const typed = event.currentTarget.value
        onChange(typed === '' ? null : Number(typed))
      }}
    />
  )
}
