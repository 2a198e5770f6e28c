import { t } from '@lingui/core/macro'
import { useMoveDevice, type Spot } from '../../api/devices'
import type { Room, Seat } from '../../api/rooms'
import { showDone, showProblem } from '../../components/notices'

/** A computer that can be put elsewhere, and where it is now. */
export type Movable = { id: number; name: string; spot: Spot }

/** The computer of a seat in this room; null on maps that don't tell which it is. */
export function movableOf({ device_id, device, row, column }: Seat, room_id: number): Movable | null {
  return device_id === null ? null : { id: device_id, name: device ?? '', spot: { room_id, row, column } }
}

/** Moves computers of a room, each with a way back. */
export function useMove(room: Room) {
  const { mutateAsync } = useMoveDevice()
  return (what: Movable, spot: Spot) => {
    const back = () => {
      mutateAsync({ id: what.id, spot: what.spot }).catch(showProblem)
    }
    mutateAsync({ id: what.id, spot }).then(() => {
      showDone(`${what.name} ${whereabouts(spot, room)}.`, { label: t`Undo`, run: back })
    }, showProblem)
  }
}

function whereabouts({ row, column }: Spot, room: Room): string {
  return row === null ? t`has no place in ${room.name} now` : t`stands in row ${row}, column ${column ?? ''}`
}
