import type { Room, Seat } from '../../api/rooms'

/** A place in a room, counted from 1 at the top left. */
export type Cell = { row: number; column: number }
type Grid = Pick<Room, 'rows' | 'columns'>

export function same(one: Cell | null, other: Cell | null): boolean {
  return one?.row === other?.row && one?.column === other?.column
}

export function rowsOf({ rows, columns }: Grid): Cell[][] {
  const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1)
  return upTo(rows).map((row) => upTo(columns).map((column) => ({ row, column })))
}

export function placeOf({ row, column }: Seat): Cell | null {
  return row !== null && column !== null ? { row, column } : null
}

/** A text by which a cell is found: in a map of seats, and on the page. */
export function keyOf({ row, column }: Cell): string {
  return `${row}-${column}`
}

export function seatsByCell(seats: Seat[]): Map<string, Seat> {
  return new Map(
    seats.flatMap((seat) => {
      const cell = placeOf(seat)
      return cell ? [[keyOf(cell), seat] as const] : []
    }),
  )
}

const directions: Record<string, Cell> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
}

/**
 * Where a key leads from a cell, among the cells that can be reached; null for nowhere.
 *
 * An arrow goes to the next in its line, over gaps; up and down go aside where their line has nothing more.
 */
export function step(from: Cell, key: string, reachable: Cell[]): Cell | null {
  const inRow = reachable.filter(({ row }) => row === from.row)
  if (key === 'Home') return inRow[0] ?? null
  if (key === 'End') return inRow.at(-1) ?? null
  const direction = directions[key]
  if (!direction) return null
  const ahead = reachable.filter((cell) => distance(from, cell, direction) > 0)
  const nearest = (cells: Cell[]) =>
    cells.reduce<Cell | null>((best, cell) => (best && cost(from, best) <= cost(from, cell) ? best : cell), null)
  return nearest(ahead.filter((cell) => isInLine(from, cell, direction))) ?? (direction.row ? nearest(ahead) : null)
}

function distance(from: Cell, to: Cell, direction: Cell): number {
  return (to.row - from.row) * direction.row + (to.column - from.column) * direction.column
}

function isInLine(from: Cell, to: Cell, direction: Cell): boolean {
  return direction.row === 0 ? from.row === to.row : from.column === to.column
}

/** A row further is worse than any way aside. */
function cost(from: Cell, to: Cell): number {
  return 1000 * Math.abs(to.row - from.row) + Math.abs(to.column - from.column)
}
