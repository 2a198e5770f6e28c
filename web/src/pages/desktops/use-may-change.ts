import { useQuery } from '@tanstack/react-query'
import { changeableQuery } from '../../api/all-desktops'
import type { Desktop } from '../../api/client'
import { useUser } from '../../components/signed-in'

/** Tells which desktops the person may change: they may see more than these. */
export function useMayChange(): (desktop: Desktop) => boolean {
  const { id, rights } = useUser()
  const reach = rights['desktops:write']
  const isNarrower = reach === 'group' && rights['desktops:read'] === 'all'
  const { data = [] } = useQuery({ ...changeableQuery, enabled: isNarrower })
  return (desktop) => {
    if (desktop.owner.id === id) return reach !== undefined
    return isNarrower ? data.includes(desktop.id) : reach === 'group' || reach === 'all'
  }
}
