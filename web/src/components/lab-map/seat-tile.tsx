import { t } from '@lingui/core/macro'
import type { Seat } from '../../api/rooms'
import { seatLooks } from '../seat-state'
import { keyOf, type Cell } from './grid'
import type { Editing } from './lab-map'
import classes from './lab-map.module.css'
import { duration, occupant, sentence } from './words'

type TileProps = {
  cell: Cell
  isCurrent: boolean
  isSelected: boolean
  onSelect: (cell: Cell) => void
  editing: Editing | undefined
}

type SeatProps = TileProps & { seat: Seat; isFaint: boolean; nameStart: number; now: number }

export function SeatTile({ seat, cell, isCurrent, isSelected, isFaint, nameStart, now, onSelect, editing }: SeatProps) {
  const select = () => {
    onSelect(cell)
  }
  return (
    <button
      type="button"
      className={`${classes.seat} ${seatLooks()[seat.state].tone}`}
      data-cell={keyOf(cell)}
      data-state={seat.state}
      data-faint={isFaint || undefined}
      data-selected={isSelected || undefined}
      data-held={(editing && editing.heldId === seat.device_id) || undefined}
      aria-label={sentence(seat, now)}
      aria-pressed={editing ? editing.heldId === seat.device_id : undefined}
      tabIndex={isCurrent ? 0 : -1}
      draggable={editing !== undefined}
      onDragStart={() => editing?.onTake(seat)}
      onFocus={select}
      onClick={() => {
        select()
        editing?.onTake(seat)
      }}
    >
      <SeatFace seat={seat} nameStart={nameStart} now={now} />
    </button>
  )
}

type FaceProps = { seat: Seat; nameStart: number; now: number }

/** How a seat looks; what it says is said by its label. Where there is no room its name is cut by the common start. */
export function SeatFace({ seat, nameStart, now }: FaceProps) {
  const { Icon } = seatLooks()[seat.state]
  return (
    <>
      <span className={classes.icon} aria-hidden="true">
        <Icon stroke={2.2} />
      </span>
      <span className={classes.name}>
        <span className={classes.longName}>{seat.device}</span>
        <span className={classes.shortName}>{seat.device?.slice(nameStart)}</span>
      </span>{' '}
      <span className={classes.who}>{occupant(seat)}</span>{' '}
      <span className={classes.since}>{duration(seat, now)}</span>
    </>
  )
}

/** A place where no computer stands: one can be put there while places are edited. */
export function EmptyPlace({ cell, isCurrent, onSelect, editing }: TileProps) {
  if (!editing) return <span className={classes.empty} />
  return (
    <button
      type="button"
      className={classes.empty}
      data-cell={keyOf(cell)}
      data-open={editing.heldId !== null || undefined}
      aria-label={t`Row ${cell.row}, column ${cell.column}: empty`}
      tabIndex={isCurrent ? 0 : -1}
      onFocus={() => {
        onSelect(cell)
      }}
      onDragOver={(event) => {
        event.preventDefault()
      }}
      onDrop={(event) => {
        event.preventDefault()
        editing.onDrop(cell)
      }}
      onClick={() => {
        onSelect(cell)
        editing.onDrop(cell)
      }}
    />
  )
}
