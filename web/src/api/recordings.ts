import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components } from './schema'

export type Recording = components['schemas']['RecordingOut']

const at = (id: number) => ({ params: { path: { recording_id: id } } })
const goesOn = ({ ended_at }: Recording) => ended_at === null

/** Everyone's recordings, newest first, page by page; looked at again and again while one goes on. */
export const recordingsQuery = infiniteQueryOptions({
  queryKey: ['recordings'],
  queryFn: ({ pageParam }) =>
    unwrap(api.GET('/api/v1/recordings', { params: { query: { limit: 50, cursor: pageParam } } })),
  initialPageParam: null as number | null,
  getNextPageParam: ({ next_cursor }) => next_cursor,
  refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(goesOn)) ? 15_000 : false),
})

/** The latest recordings of one's own desktops, and who has seen them. */
export const ownRecordingsQuery = queryOptions({
  queryKey: ['recordings', 'own'],
  queryFn: () => unwrap(api.GET('/api/v1/recordings/own', { params: { query: { limit: 20 } } })),
})

export const recordingQuery = (id: number) =>
  queryOptions({
    queryKey: ['recordings', id],
    queryFn: () => unwrap(api.GET('/api/v1/recordings/{recording_id}', at(id))),
  })

/** A recording itself. Its owner is told each time that it is fetched, so that is done once. */
export const contentQuery = (id: number) =>
  queryOptions({
    queryKey: ['recordings', id, 'content'],
    queryFn: () => unwrap(api.GET('/api/v1/recordings/{recording_id}/content', { ...at(id), parseAs: 'blob' })),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })

/** Where a recording can be had to keep. */
export const downloadOf = (id: number) => `/api/v1/recordings/${id}/content?download=true`

export function useDeleteRecording() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => unwrap(api.DELETE('/api/v1/recordings/{recording_id}', at(id))),
    onSuccess: () => client.invalidateQueries({ queryKey: ['recordings'], exact: true }),
  })
}
