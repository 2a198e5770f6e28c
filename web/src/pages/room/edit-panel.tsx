import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, NativeSelect, TextInput } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { devicesQuery, type Spot } from '../../api/devices'
import type { RoomMap } from '../../api/rooms'
import { keyOf, rowsOf, seatsByCell } from '../../components/lab-map/grid'
import classes from './room.module.css'
import { movableOf, type Movable } from './use-move'

type Props = {
  map: RoomMap
  held: Movable | null
  onHold: (held: Movable | null) => void
  onMove: (what: Movable, spot: Spot) => void
}

/** Says how computers are moved, moves the one in hand by choice, and offers those without a place. */
export function EditPanel({ map, held, onHold, onMove }: Props) {
  const put = (spot: Spot) => {
    if (held) onMove(held, spot)
    onHold(null)
  }
  return (
    <aside className={classes.panel} aria-label={t`Arrange the computers`}>
      <p className={classes.hint}>
        {t`Drag a computer to a free place, or choose it and then the place. By keyboard: Enter picks up, the arrows go to a place, Enter puts down, Escape lets go.`}
      </p>
      <div role="status">{held && <h2>{t`${held.name} is in your hand`}</h2>}</div>
      {held && <PlaceForm key={held.id} map={map} held={held} onPut={put} />}
      <Unplaced map={map} heldId={held?.id ?? null} onHold={onHold} />
    </aside>
  )
}

type FormProps = { map: RoomMap; held: Movable; onPut: (spot: Spot) => void }

function PlaceForm({ map, held, onPut }: FormProps) {
  const taken = seatsByCell(map.seats)
  const free = rowsOf(map.room)
    .flat()
    .filter((cell) => !taken.has(keyOf(cell)))
  const [chosen, setChosen] = useState('')
  const cell = free.find((one) => keyOf(one) === chosen) ?? free[0]
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (cell) onPut({ room_id: map.room.id, ...cell })
  }
  return (
    <form className={classes.place} onSubmit={submit}>
      <NativeSelect
        label={t`Put it at`}
        disabled={free.length === 0}
        value={cell && keyOf(cell)}
        data={free.map((one) => ({ value: keyOf(one), label: t`Row ${one.row}, column ${one.column}` }))}
        onChange={(event) => {
          setChosen(event.currentTarget.value)
        }}
      />
      <Button type="submit" disabled={!cell}>
        {t`Put it there`}
      </Button>
      {held.spot.row !== null && (
        <Button
          variant="default"
          onClick={() => {
            onPut({ room_id: map.room.id, row: null, column: null })
          }}
        >
          {t`Take it off the map`}
        </Button>
      )}
    </form>
  )
}

const mostOffered = 50

type UnplacedProps = { map: RoomMap; heldId: number | null; onHold: (held: Movable | null) => void }

/** Computers without a place: those of this room first, then those of others and of none. */
function Unplaced({ map, heldId, onHold }: UnplacedProps) {
  const [search, setSearch] = useState('')
  const { data } = useQuery({
    ...devicesQuery({ unplaced: true, search, limit: mostOffered }),
    placeholderData: keepPreviousData,
  })
  const own = map.seats.filter(({ row, device }) => row === null && matches(device, search))
  const others = data?.items.filter(({ room }) => room?.id !== map.room.id)
  return (
    <section aria-labelledby="unplaced">
      <h2 id="unplaced"><Trans>Without a place{data && ` (${data.total})`}</Trans></h2>
      <TextInput
        type="search"
        aria-label={t`Search the computers without a place`}
        placeholder={t`Search`}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value)
        }}
      />
      <ul className={classes.unplaced}>
        {own.flatMap((seat) => movableOf(seat, map.room.id) ?? []).map((movable) => (
          <li key={movable.id}>
            <Unit movable={movable} room={map.room.name} isHeld={movable.id === heldId} onHold={onHold} />
          </li>
        ))}
        {others?.map(({ id, name, room }) => (
          <li key={id}>
            <Unit
              movable={{ id, name, spot: { room_id: room?.id ?? null, row: null, column: null } }}
              room={room?.name ?? t`in no room`}
              isHeld={id === heldId}
              onHold={onHold}
            />
          </li>
        ))}
      </ul>
      {data?.total === 0 && (
        <p className={classes.hint}>{search === '' ? t`Every computer has a place.` : t`None has this in its name.`}</p>
      )}
      {data && data.total > mostOffered && <p className={classes.hint}>{t`Search to find the others.`}</p>}
    </section>
  )
}

function matches(name: string | null, search: string): boolean {
  return search.toLowerCase().split(/\s+/).every((word) => name?.toLowerCase().includes(word))
}

type UnitProps = { movable: Movable; room: string; isHeld: boolean; onHold: (held: Movable | null) => void }

function Unit({ movable, room, isHeld, onHold }: UnitProps) {
  return (
    <button
      type="button"
      className={classes.unplacedDevice}
      aria-pressed={isHeld}
      draggable
      onDragStart={() => {
        onHold(movable)
      }}
      onClick={() => {
        onHold(isHeld ? null : movable)
      }}
    >
      <strong>{movable.name}</strong>
      <span>{room}</span>
    </button>
  )
}
