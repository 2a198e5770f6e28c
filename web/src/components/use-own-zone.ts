import { useQuery } from '@tanstack/react-query'
import { meQuery } from '../api/queries'
import { ownZone } from './zone-select'

/** The zone of the person's days: the one on their profile, else the browser's. */
export function useOwnZone(): string {
  return useQuery(meQuery).data?.zone ?? ownZone
}
