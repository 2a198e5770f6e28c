import { t } from '@lingui/core/macro'
import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import type { RoomMap, Seat, SeatState } from '../../api/rooms'
import { useNow } from '../use-now'
import { keyOf, rowsOf, same, seatsByCell, step, type Cell } from './grid'
import classes from './lab-map.module.css'
import { EmptyPlace, SeatTile } from './seat-tile'
import { commonStart } from './words'

/** What can be done to places while they are edited; `heldId` is the computer that is being moved. */
export type Editing = { heldId: number | null; onTake: (seat: Seat) => void; onDrop: (cell: Cell) => void }

type Props = {
  map: RoomMap
  shown: SeatState[]
  selected: Cell | null
  onSelect: (cell: Cell) => void
  editing?: Editing | undefined
}

/** The computers of a room where they stand. One of them takes the focus; the arrow keys go from one to the next. */
export function LabMap({ map, shown, selected, onSelect, editing }: Props) {
  const now = useNow(10_000)
  const grid = useRef<HTMLDivElement>(null)
  const seats = seatsByCell(map.seats)
  const nameStart = commonStart(map.seats)
  const rows = rowsOf(map.room)
  const reachable = rows.flat().filter((cell) => editing || seats.has(keyOf(cell)))
  const current = reachable.find((cell) => same(cell, selected)) ?? reachable[0] ?? null

  const move = (event: KeyboardEvent) => {
    const next = current && step(current, event.key, reachable)
    if (!next) return
    event.preventDefault()
    onSelect(next)
    grid.current?.querySelector<HTMLElement>(`[data-cell="${keyOf(next)}"]`)?.focus()
  }
  const tile = (cell: Cell): ReactNode => {
    const seat = seats.get(keyOf(cell))
    const common = { cell, isCurrent: same(cell, current), isSelected: same(cell, selected), onSelect, editing }
    return seat ? (
      <SeatTile
        {...common}
        seat={seat}
        isFaint={!shown.includes(seat.state)}
        nameStart={nameStart}
        now={now}
      />
    ) : (
      <EmptyPlace {...common} />
    )
  }
  return (
    // Its cells take the focus in turn: the keys are heard here for all of them.
    <div
      ref={grid}
      role="grid"
      tabIndex={-1}
      aria-label={t`Map of ${map.room.name}`}
      className={classes.grid}
      style={{ gridTemplateColumns: `repeat(${map.room.columns}, minmax(var(--least-seat), 1fr))` }}
      onKeyDown={move}
    >
      {rows.map((row, at) => (
        <div key={at} role="row" className={classes.row}>
          {row.map((cell) => (
            <div key={cell.column} role="gridcell" aria-selected={same(cell, selected)} className={classes.cell}>
              {tile(cell)}
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}
