import type { Counts } from '../api/rooms'
import classes from './occupancy-bar.module.css'
import { seatLooks, seatStates } from './seat-state'

/** How a room is occupied, as one bar; the numbers stand beside it, so that it says nothing to screen readers. */
export function OccupancyBar({ counts }: { counts: Counts }) {
  return (
    <div className={classes.bar} aria-hidden="true">
      {seatStates().map((state) => (
        <span
          key={state}
          className={`${classes.part} ${seatLooks()[state].tone}`}
          data-state={state}
          style={{ flexGrow: counts[state] ?? 0 }}
        />
      ))}
    </div>
  )
}
