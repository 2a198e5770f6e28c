import { useMemo, useState } from 'react'
import type { SignIn } from '../../api/sign-ins'

export type Row = { signIn: SignIn; hasLeft: boolean }
type Rows = { rows: Row[]; came: number; left: number }
type Held = { key: string; signIns: SignIn[] }

/**
 * The rows to show. While they are held, none moves: who leaves is marked, who comes is counted.
 *
 * `found` are those who match, in order; `online` everyone; `key` tells what they were found by.
 */
export function useSteadyRows(found: SignIn[], online: ReadonlyMap<string, SignIn>, isHeld: boolean, key: string): Rows {
  const [held, setHeld] = useState<Held | null>(null)
  const isCurrent = held?.key === key
  if (isHeld && !isCurrent) setHeld({ key, signIns: found })
  if (!isHeld && held) setHeld(null)
  const shown = isHeld && isCurrent ? held.signIns : found
  return useMemo(() => holding(shown, found, online), [shown, found, online])
}

/** The rows that were shown, each as it is now. */
function holding(shown: SignIn[], found: SignIn[], online: ReadonlyMap<string, SignIn>): Rows {
  const rows = shown.map((signIn) => ({ signIn: online.get(signIn.id) ?? signIn, hasLeft: !online.has(signIn.id) }))
  const known = new Set(shown.map(({ id }) => id))
  return {
    rows,
    came: found.filter(({ id }) => !known.has(id)).length,
    left: rows.filter(({ hasLeft }) => hasLeft).length,
  }
}
