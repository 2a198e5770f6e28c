import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api, type Desktop } from './client'
import type { Topic } from './live-stream'
import { unwrap } from './problem'
import { everyPage, rememberDesktop } from './queries'

const at = (id: number) => ({ params: { path: { desktop_id: id } } })

/** Everyone's desktops, newest first. */
export const allDesktopsQuery = queryOptions({
  queryKey: ['all-desktops'],
  queryFn: () =>
    everyPage((page) => unwrap(api.GET('/api/v1/desktops', { params: { query: { all: true, ...page } } }))),
})

const changeableKey = ['changeable-desktops']

/** Which of everyone's desktops one may change, by their ids. */
export const changeableQuery = queryOptions({
  queryKey: changeableKey,
  queryFn: async () => {
    const desktops = await everyPage((page) =>
      unwrap(api.GET('/api/v1/desktops', { params: { query: { all: true, changeable: true, ...page } } })),
    )
    return desktops.map(({ id }) => id)
  },
})

/** Keeps the list level with everyone's desktops; what was missed is fetched again when the stream is back. */
export function allDesktopEvents(client: QueryClient): Topic {
  const { queryKey } = allDesktopsQuery
  const askWhichAreChangeable = () => void client.invalidateQueries({ queryKey: changeableKey })
  return {
    path: '/api/v1/desktops/events',
    onOpen: () => {
      void client.invalidateQueries({ queryKey })
      askWhichAreChangeable()
    },
    on: {
      desktop: (data) => {
        const desktop = data as Desktop
        const before = client.getQueryData(queryKey)?.find(({ id }) => id === desktop.id)
        client.setQueryData(queryKey, (known) => known && withDesktop(known, desktop))
        if (before?.owner.id !== desktop.owner.id) askWhichAreChangeable()
      },
      'desktop-deleted': (data) => {
        const { id } = data as { id: number }
        client.setQueryData(queryKey, (known) => known?.filter((desktop) => desktop.id !== id))
      },
    },
  }
}

/** The desktops with this one as it is now, newest first. */
function withDesktop(known: Desktop[], desktop: Desktop): Desktop[] {
  return [desktop, ...known.filter(({ id }) => id !== desktop.id)].sort((one, other) => other.id - one.id)
}

export function useStopFor() {
  return useMutation({
    mutationFn: ({ id, reason }: { id: number; reason: string | null }) =>
      unwrap(api.POST('/api/v1/desktops/{desktop_id}/stop', { ...at(id), body: { reason } })),
  })
}

/** Tells the owner of a desktop something. */
export function useTell() {
  return useMutation({
    mutationFn: ({ id, text }: { id: number; text: string }) =>
      unwrap(api.POST('/api/v1/desktops/{desktop_id}/message', { ...at(id), body: { text } })),
  })
}

/** Takes away what an administrator said. */
export function useDismiss() {
  return useChange((id: number) => unwrap(api.DELETE('/api/v1/desktops/{desktop_id}/message', at(id))))
}

export function useRename() {
  return useChange(({ id, name }: { id: number; name: string }) =>
    unwrap(api.PATCH('/api/v1/desktops/{desktop_id}', { ...at(id), body: { name } })),
  )
}

export function useTransfer() {
  return useMutation({
    mutationFn: ({ id, userId }: { id: number; userId: number }) =>
      unwrap(api.POST('/api/v1/desktops/{desktop_id}/transfer', { ...at(id), body: { user_id: userId } })),
  })
}

/** The states that a desktop came into last, newest first; read again with each change of it. */
export const historyQuery = (id: number, since: string) =>
  queryOptions({
    queryKey: ['desktop', id, 'history', since],
    queryFn: async () => (await unwrap(api.GET('/api/v1/desktops/{desktop_id}/history', at(id)))).items,
  })

function useChange<Wish>(change: (wish: Wish) => Promise<Desktop>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (desktop) => {
      rememberDesktop(client, desktop)
    },
  })
}
