import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import { rememberDesktop } from './queries'

/** Keeps a desktop that would be stopped by itself. */
export function useKeep() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (desktop_id: number) =>
      unwrap(api.POST('/api/v1/desktops/{desktop_id}/keep', { params: { path: { desktop_id } } })),
    onSuccess: (desktop) => {
      rememberDesktop(client, desktop)
    },
  })
}

/** Moves the end of a desktop. */
export function useExtend() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, until }: { id: number; until: string }) =>
      unwrap(
        api.POST('/api/v1/desktops/{desktop_id}/extend', { params: { path: { desktop_id: id } }, body: { until } }),
      ),
    onSuccess: (desktop) => {
      rememberDesktop(client, desktop)
    },
  })
}
