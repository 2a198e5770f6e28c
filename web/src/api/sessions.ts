import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { api } from './client'
import { unwrap } from './problem'
import type { components } from './schema'

export type Session = components['schemas']['SessionOut']
type NewSession = components['schemas']['NewSessionIn']
export type SessionApplication = components['schemas']['ApplicationOut']
export type Save = components['schemas']['SaveOut']
export type Snapshot = components['schemas']['Snapshot']
export type Comparison = components['schemas']['Comparison']
export type ExportedSession = components['schemas']['ExportedSession']

const largestPage = 100
const pageOfSaves = 20

const sessionKeys = {
  all: ['sessions'],
  list: (deleted: boolean) => ['sessions', deleted ? 'trash' : 'kept'],
  one: (id: number) => ['session', id],
} as const

const at = (session_id: number) => ({ params: { path: { session_id } } })

/** Everything of one's own, or all that is in the trash; newest first. */
export const sessionsQuery = (deleted: boolean) =>
  queryOptions({ queryKey: sessionKeys.list(deleted), queryFn: () => allSessions(deleted) })

async function allSessions(deleted: boolean): Promise<Session[]> {
  const sessions: Session[] = []
  let cursor: number | null = null
  do {
    const query = { limit: largestPage, cursor, deleted }
    const page: components['schemas']['SessionList'] = await unwrap(api.GET('/api/v1/sessions', { params: { query } }))
    sessions.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return sessions
}

export const sessionQuery = (id: number) =>
  queryOptions({
    queryKey: sessionKeys.one(id),
    queryFn: () => unwrap(api.GET('/api/v1/sessions/{session_id}', at(id))),
  })

export const applicationsQuery = (id: number) =>
  queryOptions({
    queryKey: [...sessionKeys.one(id), 'applications'],
    queryFn: async () => (await unwrap(api.GET('/api/v1/sessions/{session_id}/applications', at(id)))).items,
  })

export const savesQuery = (id: number) =>
  infiniteQueryOptions({
    queryKey: [...sessionKeys.one(id), 'saves'],
    initialPageParam: null as number | null,
    queryFn: ({ pageParam: cursor }) =>
      unwrap(
        api.GET('/api/v1/sessions/{session_id}/saves', {
          params: { path: { session_id: id }, query: { limit: pageOfSaves, cursor } },
        }),
      ),
    getNextPageParam: ({ next_cursor }) => next_cursor,
  })

/** A save never changes. */
export const saveQuery = (session_id: number, save_id: number) =>
  queryOptions({
    queryKey: ['save', save_id],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/sessions/{session_id}/saves/{save_id}', { params: { path: { session_id, save_id } } }),
      ),
    staleTime: Infinity,
  })

export const comparisonQuery = (session_id: number, from: number, to: number) =>
  queryOptions({
    queryKey: ['comparison', from, to],
    queryFn: () =>
      unwrap(api.GET('/api/v1/sessions/{session_id}/compare', { params: { path: { session_id }, query: { from, to } } })),
    staleTime: Infinity,
  })

/** Puts what was just heard of a session into everything that shows it. */
export function rememberSession(client: QueryClient, session: Session): void {
  const isKept = session.deleted_at === null
  client.setQueryData<Session>(sessionKeys.one(session.id), session)
  client.setQueryData<Session[]>(sessionKeys.list(false), (known) => known && placed(known, session, isKept))
  client.setQueryData<Session[]>(sessionKeys.list(true), (known) => known && placed(known, session, !isKept))
  // Its applications and its saves may be others now.
  void client.invalidateQueries({ predicate: ({ queryKey: [what, id, part] }) => what === 'session' && id === session.id && part !== undefined })
}

function placed(known: Session[], session: Session, belongs: boolean): Session[] {
  if (!belongs) return known.filter(({ id }) => id !== session.id)
  const isKnown = known.some(({ id }) => id === session.id)
  if (isKnown) return known.map((other) => (other.id === session.id ? session : other))
  return [...known, session].toSorted((one, other) => other.id - one.id)
}

/** A session is in the trash, or gone. */
export function forgetSession(client: QueryClient, id: number): void {
  client.setQueryData<Session[]>(sessionKeys.list(false), (known) => known?.filter((session) => session.id !== id))
  void client.invalidateQueries({ queryKey: sessionKeys.list(true) })
  void client.invalidateQueries({ queryKey: sessionKeys.one(id), exact: true })
}

export const useCreateSession = () =>
  useSessionChange((body: NewSession) => unwrap(api.POST('/api/v1/sessions', { body })))

export const useSave = () =>
  useSessionChange((id: number) => unwrap(api.POST('/api/v1/sessions/{session_id}/save', at(id))))

export const useActivate = () =>
  useSessionChange((id: number) => unwrap(api.POST('/api/v1/sessions/{session_id}/activate', at(id))))

export const useDeactivate = () =>
  useSessionChange(({ id, save_usage }: { id: number; save_usage: boolean }) =>
    unwrap(api.POST('/api/v1/sessions/{session_id}/deactivate', { ...at(id), body: { save_usage } })),
  )

export const useTrack = () =>
  useSessionChange(({ id, enabled }: { id: number; enabled: boolean }) =>
    unwrap(api.PUT('/api/v1/sessions/{session_id}/tracking', { ...at(id), body: { enabled } })),
  )

type Change = { id: number; name: string; description: string }

export const useChangeSession = () =>
  useSessionChange(({ id, ...body }: Change) => unwrap(api.PATCH('/api/v1/sessions/{session_id}', { ...at(id), body })))

type Clone = { id: number; name: string; description: string; device_id: number }

/** Copies a session, without beginning the copy. */
export const useClone = () =>
  useSessionChange(({ id, ...wish }: Clone) =>
    unwrap(
      api.POST('/api/v1/sessions/{session_id}/clone', {
        ...at(id),
        body: { ...wish, activate: false, enable_tracking: true },
      }),
    ),
  )

type Copies = { id: number; name: string | null; group_ids: number[]; user_ids: number[] }

/** Gives other people, and those of groups, a copy each: for administrators. */
export const useHandOut = () =>
  useMutation({
    mutationFn: ({ id, ...body }: Copies) =>
      unwrap(api.POST('/api/v1/sessions/{session_id}/copies', { ...at(id), body })),
  })

export const useTakeBack = () =>
  useSessionChange((id: number) => unwrap(api.POST('/api/v1/sessions/{session_id}/undelete', at(id))))

export const useReturn = () =>
  useSessionChange(({ id: session_id, save_id }: { id: number; save_id: number }) =>
    unwrap(
      api.POST('/api/v1/sessions/{session_id}/saves/{save_id}/return', { params: { path: { session_id, save_id } } }),
    ),
  )

type Import = { file: ExportedSession; device_id: number | null }

export const useImportSession = () =>
  useSessionChange(({ file, device_id }: Import) =>
    unwrap(api.POST('/api/v1/sessions/import', { body: file, params: { query: { device_id } } })),
  )

function useSessionChange<Wish>(change: (wish: Wish) => Promise<Session>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (session) => {
      rememberSession(client, session)
    },
  })
}

/** Puts a session into the trash, or deletes what is there for good. */
export function useThrowAway() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id: session_id, for_good }: { id: number; for_good: boolean }) =>
      unwrap(api.DELETE('/api/v1/sessions/{session_id}', { params: { path: { session_id }, query: { for_good } } })),
    onSuccess: (_, { id }) => {
      forgetSession(client, id)
    },
  })
}

/** A session as a file to keep, or to take to another server. */
export async function fetchSession({ id, slug }: Session): Promise<File> {
  const session = await unwrap(api.GET('/api/v1/sessions/{session_id}/export', at(id)))
  return new File([JSON.stringify(session, null, 2)], `${slug}.json`, { type: 'application/json' })
}
