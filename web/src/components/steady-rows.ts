import { useMemo, useState } from 'react'

type Listed = { id: string | number }
export type Row<T> = { item: T; hasLeft: boolean }
type Rows<T> = { rows: Row<T>[]; came: number; left: number }
type Held<T> = { key: string; items: T[] }

/**
 * The rows to show. While they are held, none moves: who leaves is marked, who comes is counted.
 *
 * `found` are those who match, in order; `all` everyone by id; `key` tells what they were found by.
 */
export function useSteadyRows<T extends Listed>(
  found: T[],
  all: ReadonlyMap<T['id'], T>,
  isHeld: boolean,
  key: string,
): Rows<T> {
  const [held, setHeld] = useState<Held<T> | null>(null)
  const isCurrent = held?.key === key
  if (isHeld && !isCurrent) setHeld({ key, items: found })
  if (!isHeld && held) setHeld(null)
  const shown = isHeld && isCurrent ? held.items : found
  return useMemo(() => holding(shown, found, all), [shown, found, all])
}

/** The rows that were shown, each as it is now. */
function holding<T extends Listed>(shown: T[], found: T[], all: ReadonlyMap<T['id'], T>): Rows<T> {
  const rows = shown.map((item) => ({ item: all.get(item.id) ?? item, hasLeft: !all.has(item.id) }))
  const known = new Set(shown.map(({ id }) => id))
  return {
    rows,
    came: found.filter(({ id }) => !known.has(id)).length,
    left: rows.filter(({ hasLeft }) => hasLeft).length,
  }
}
