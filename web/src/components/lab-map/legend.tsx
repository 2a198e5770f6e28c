import { t } from '@lingui/core/macro'
import type { Counts, SeatState } from '../../api/rooms'
import { seatLooks, seatStates } from '../seat-state'
import classes from './lab-map.module.css'

type Props = { counts: Counts; chosen: SeatState[]; onChange: (chosen: SeatState[]) => void }

/** What the shapes mean and how many there are of each. Those that are chosen stand out on the map. */
export function Legend({ counts, chosen, onChange }: Props) {
  const toggle = (state: SeatState) => {
    onChange(chosen.includes(state) ? chosen.filter((other) => other !== state) : [...chosen, state])
  }
  return (
    <ul className={classes.legend} aria-label={t`Legend: choose what stands out`}>
      {seatStates().map((state) => {
        const { word, Icon, tone } = seatLooks()[state]
        return (
          <li key={state}>
            <button
              type="button"
              className={`${classes.key} ${tone}`}
              aria-pressed={chosen.includes(state)}
              onClick={() => {
                toggle(state)
              }}
            >
              <Icon size={15} stroke={2.4} aria-hidden="true" />
              {word} {counts[state] ?? 0}
            </button>
          </li>
        )
      })}
    </ul>
  )
}
