import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { api, type Desktop, type DesktopPage, type LaunchWish, type User } from './client'
import { isStatus, unwrap } from './problem'
import { randomKey } from './random-key'

const largestPage = 100

export const keys = {
  me: ['me'],
  desktops: ['desktops'],
  desktop: (id: number) => ['desktop', id],
  log: (id: number) => ['desktop', id, 'log'],
  thumbnail: (id: number) => ['desktop', id, 'thumbnail'],
} as const

export const aboutQuery = queryOptions({
  queryKey: ['about'],
  queryFn: () => unwrap(api.GET('/api/v1/about')),
  staleTime: Infinity,
})

/** The person who is signed in, or null; asked anew when one comes back to the page, as their rights may be others. */
export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: () => unwrap(api.GET('/api/v1/auth/me')).catch(nullWhenSignedOut),
  staleTime: Infinity,
  refetchOnWindowFocus: 'always',
})

function nullWhenSignedOut(error: unknown): User | null {
  if (isStatus(error, 401)) return null
  throw error
}

export const templatesQuery = queryOptions({
  queryKey: ['templates', 'mine'],
  queryFn: async () => (await unwrap(api.GET('/api/v1/templates'))).items,
  staleTime: 60_000,
})

export const desktopsQuery = queryOptions({ queryKey: keys.desktops, queryFn: allDesktops })

function allDesktops(): Promise<Desktop[]> {
  return everyPage((query) => unwrap(api.GET('/api/v1/desktops', { params: { query } })))
}

/** All desktops of a list that comes by pages. */
export async function everyPage(
  fetchPage: (page: { limit: number; cursor: number | null }) => Promise<DesktopPage>,
): Promise<Desktop[]> {
  const desktops: Desktop[] = []
  let cursor: number | null = null
  do {
    const page: DesktopPage = await fetchPage({ limit: largestPage, cursor })
    desktops.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return desktops.filter(isKept)
}

const isKept = ({ wanted }: Desktop) => wanted !== 'deleted'

const at = (id: number) => ({ params: { path: { desktop_id: id } } })

export const desktopQuery = (id: number) =>
  queryOptions({ queryKey: keys.desktop(id), queryFn: () => unwrap(api.GET('/api/v1/desktops/{desktop_id}', at(id))) })

export const logQuery = (id: number) =>
  queryOptions({
    queryKey: keys.log(id),
    queryFn: async () => (await unwrap(api.GET('/api/v1/desktops/{desktop_id}/log', at(id)))).lines,
  })

/** Puts what was just heard of a desktop into everything that shows it. */
export function rememberDesktop(client: QueryClient, desktop: Desktop): void {
  client.setQueryData<Desktop>(keys.desktop(desktop.id), (known) => newer(known, desktop))
  client.setQueryData<Desktop[]>(keys.desktops, (known) => known && withDesktop(known, desktop).filter(isKept))
}

function withDesktop(known: Desktop[], desktop: Desktop): Desktop[] {
  const isKnown = known.some(({ id }) => id === desktop.id)
  return isKnown ? known.map((other) => (other.id === desktop.id ? newer(other, desktop) : other)) : [desktop, ...known]
}

/** An answer may arrive after an event that tells of something later: the later state stays. */
function newer(known: Desktop | undefined, heard: Desktop): Desktop {
  return known && Date.parse(known.state_since) > Date.parse(heard.state_since) ? known : heard
}

export function forgetDesktop(client: QueryClient, id: number): void {
  client.setQueryData<Desktop[]>(keys.desktops, (known) => known?.filter((desktop) => desktop.id !== id))
  client.setQueryData<Desktop>(keys.desktop(id), (known) => known && { ...known, wanted: 'deleted' })
}

/*
 * Who changes a desktop may be gone from the page by the time the answer is in, since that changes the page.
 * What is to follow belongs behind `mutateAsync` then: callbacks given to `mutate` are dropped with the component.
 */

/** Makes a desktop from a template. A launch that is sent again, its answer lost, still makes one. */
export function useLaunch() {
  const client = useQueryClient()
  const key = useRef(randomKey())
  return useMutation({
    mutationFn: (wish: LaunchWish) =>
      unwrap(api.POST('/api/v1/desktops', { body: wish, params: { header: { 'idempotency-key': key.current } } })),
    onSuccess: (desktop) => {
      rememberDesktop(client, desktop)
      void client.invalidateQueries(templatesQuery)
    },
    onSettled: (_, error) => {
      if (!isStatus(error, 0)) key.current = randomKey()
    },
  })
}

export function useStart() {
  return useDesktopChange((id) => unwrap(api.POST('/api/v1/desktops/{desktop_id}/start', at(id))))
}

export function useStop() {
  return useDesktopChange((id) => unwrap(api.POST('/api/v1/desktops/{desktop_id}/stop', at(id))))
}

function useDesktopChange(change: (id: number) => Promise<Desktop>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (desktop) => {
      rememberDesktop(client, desktop)
    },
  })
}

export function useDelete() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => unwrap(api.DELETE('/api/v1/desktops/{desktop_id}', at(id))),
    onSuccess: (_, id) => {
      forgetDesktop(client, id)
    },
  })
}
