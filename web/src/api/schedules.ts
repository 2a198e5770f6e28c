import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import { desktopsQuery, keys } from './queries'
import type { components } from './schema'

export type Schedule = components['schemas']['ScheduleOut']
export type ScheduleWish = components['schemas']['ScheduleIn']
export type Weekday = components['schemas']['Weekday']

const at = (id: number) => ({ params: { path: { desktop_id: id } } })
const keyOf = (id: number) => [...keys.desktop(id), 'schedule']

/** When a desktop starts and stops by itself, or null. */
export const scheduleQuery = (id: number) =>
  queryOptions({
    queryKey: keyOf(id),
    queryFn: () => unwrap(api.GET('/api/v1/desktops/{desktop_id}/schedule', at(id))),
  })

export function useSetSchedule(id: number) {
  return useChange(id, (wish: ScheduleWish) =>
    unwrap(api.PUT('/api/v1/desktops/{desktop_id}/schedule', { ...at(id), body: wish })),
  )
}

export function useDropSchedule(id: number) {
  return useChange(id, () => unwrap(api.DELETE('/api/v1/desktops/{desktop_id}/schedule', at(id))))
}

function useChange<Wish, Result>(id: number, change: (wish: Wish) => Promise<Result>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keyOf(id) })
      await client.invalidateQueries(desktopsQuery)
    },
  })
}
