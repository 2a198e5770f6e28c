import { useSearchParams } from 'react-router'
import type { Action, AuditQuestion } from '../../api/audit'
import { verbs } from '../../components/audit-words'

const names = ['who', 'did', 'what', 'id', 'from', 'to'] as const

/** What the address says of the entries that are wanted; nothing is empty. Days are local ones. */
export type AuditFilter = Record<(typeof names)[number], string>

/** The filter is in the address: a link brings back the same. */
export function useAuditFilter() {
  const [address, setAddress] = useSearchParams()
  const filter = Object.fromEntries(names.map((name) => [name, address.get(name) ?? ''])) as AuditFilter
  const change = (part: Partial<AuditFilter>) => {
    const told = Object.entries({ ...filter, ...part }).filter(([, text]) => text !== '')
    setAddress(Object.fromEntries(told), { replace: true })
  }
  const clear = () => {
    setAddress({}, { replace: true })
  }
  return { filter, change, clear }
}

/** The question that a filter asks the server: from the beginning of one day until the end of another. */
export function questionOf({ who, did, what, id, from, to }: AuditFilter): AuditQuestion {
  const begin = dayOf(from, 0)
  const end = dayOf(to, 1)
  return {
    ...(who !== '' && { actor: who }),
    ...(did in verbs() && { action: did as Action }),
    ...(what !== '' && { object_kind: what }),
    ...(id !== '' && { object_id: id }),
    ...(begin && { from: begin }),
    ...(end && { to: end }),
  }
}

function dayOf(text: string, later: number): string | null {
  const [year, month, day] = text.split('-').map(Number)
  if (!year || !month || !day) return null
  return new Date(year, month - 1, day + later).toISOString()
}
