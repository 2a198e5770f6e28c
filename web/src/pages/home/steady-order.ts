import type { Desktop } from '../../api/client'
import { isActive } from '../../components/status'

/**
 * Desktops in the order in which they are shown already (`order`, ids), so that none moves under the pointer
 * when its state changes. New ones come in front: those that run first, then the newest.
 */
export function inSteadyOrder(desktops: Desktop[], order: number[]): Desktop[] {
  const known = order.flatMap((id) => desktops.find((desktop) => desktop.id === id) ?? [])
  const fresh = desktops.filter(({ id }) => !order.includes(id))
  return [...fresh.sort(byUse), ...known]
}

function byUse(one: Desktop, other: Desktop): number {
  return Number(isActive(other)) - Number(isActive(one)) || Date.parse(other.created_at) - Date.parse(one.created_at)
}
