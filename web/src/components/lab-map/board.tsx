import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { IconClock, IconLock } from '@tabler/icons-react'
import { useState, type ReactNode, type Ref } from 'react'
import type { RoomMap, SeatState } from '../../api/rooms'
import { percent, taken, total } from '../room-counts'
import { seatLooks, seatStates } from '../seat-state'
import { useNow } from '../use-now'
import type { Cell } from './grid'
import { LabMap, type Editing } from './lab-map'
import classes from './lab-map.module.css'
import { Legend } from './legend'
import { SeatFace } from './seat-tile'
import { openingWords, sentence } from './words'

type Props = {
  ref: Ref<HTMLElement>
  map: RoomMap
  selected: Cell | null
  onSelect: (cell: Cell) => void
  editing?: Editing | undefined
  children?: ReactNode
}

/** A room's map with what is to know of it: this is what a wall shows. The children stand above the grid. */
export function Board({ ref, map, selected, onSelect, editing, children }: Props) {
  const [chosen, setChosen] = useState<SeatState[]>([])
  return (
    <section ref={ref} className={classes.board} aria-label={map.room.name}>
      <div className={classes.strip}>
        <p className={classes.wallTitle}>{map.room.name}</p>
        <OpeningStatus map={map} />
        <p>
          <Trans><strong>{percent(taken(map.counts), total(map.counts))}</strong> taken, {taken(map.counts)} of{' '}
          {total(map.counts)}</Trans>
        </p>
        <Legend counts={map.counts} chosen={chosen} onChange={setChosen} />
      </div>
      {children}
      <LabMap
        map={map}
        shown={chosen.length > 0 ? chosen : seatStates()}
        selected={selected}
        onSelect={onSelect}
        editing={editing}
      />
      {!editing && <Elsewhere map={map} />}
    </section>
  )
}

function OpeningStatus({ map: { opening, room } }: { map: RoomMap }) {
  const now = useNow(15_000)
  if (!opening) return null
  const Icon = opening.is_open ? IconClock : IconLock
  return (
    <p className={classes.opening}>
      <Icon size={18} aria-hidden="true" />
      {openingWords(opening, room.zone, now)} <span>({room.zone})</span>
    </p>
  )
}

/** Computers of the room that have no place in the grid yet. */
function Elsewhere({ map }: { map: RoomMap }) {
  const now = useNow(15_000)
  const seats = map.seats.filter(({ row }) => row === null)
  if (seats.length === 0) return null
  return (
    <>
      <h2 className={classes.elsewhereTitle}>{t`Without a place on the map`}</h2>
      <ul className={classes.elsewhere}>
        {seats.map((seat, at) => (
          <li
            key={seat.device_id ?? at}
            className={`${classes.seat} ${seatLooks()[seat.state].tone}`}
            data-state={seat.state}
            aria-label={sentence(seat, now)}
          >
            <SeatFace seat={seat} nameStart={0} now={now} />
          </li>
        ))}
      </ul>
    </>
  )
}
