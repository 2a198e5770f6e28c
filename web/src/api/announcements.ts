import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components } from './schema'

export type Announcement = components['schemas']['AnnouncementOut']
export type AnnouncementBrief = components['schemas']['AnnouncementBrief']
export type AnnouncementWish = components['schemas']['AnnouncementIn']
export type Severity = components['schemas']['Severity']

const queryKey = ['announcements']
const refetchInterval = 60_000

/** What one is to know now. Pages that follow desktops hear of changes; others look each minute. */
export const announcementsQuery = queryOptions({
  queryKey: [...queryKey, 'mine'],
  queryFn: async () => (await unwrap(api.GET('/api/v1/announcements'))).items,
  refetchInterval,
})

/** What is said where people sign in. */
export const publicAnnouncementsQuery = queryOptions({
  queryKey: [...queryKey, 'public'],
  queryFn: async () => (await unwrap(api.GET('/api/v1/announcements/public'))).items,
  refetchInterval,
})

export const allAnnouncementsQuery = queryOptions({
  queryKey: [...queryKey, 'all'],
  queryFn: async () => (await unwrap(api.GET('/api/v1/announcements/all'))).items,
})

/** Announces something, or changes what is announced. */
export function useSaveAnnouncement() {
  return useChange(({ id, wish: body }: { id: number | null; wish: AnnouncementWish }) =>
    id === null
      ? unwrap(api.POST('/api/v1/announcements', { body }))
      : unwrap(api.PUT('/api/v1/announcements/{announcement_id}', { params: { path: { announcement_id: id } }, body })),
  )
}

export function useDeleteAnnouncement() {
  return useChange((id: number) =>
    unwrap(api.DELETE('/api/v1/announcements/{announcement_id}', { params: { path: { announcement_id: id } } })),
  )
}

function useChange<Wish, Result>(change: (wish: Wish) => Promise<Result>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey }) })
}
