import { queryOptions, skipToken, type QueryClient } from '@tanstack/react-query'
import { serverNow } from './clock'
import type { Topic } from './live-stream'
import type { SignIn } from './sign-ins'

/** Everyone who is on by the id of their sign-in, and when that was so, in milliseconds. */
export type Online = { signIns: ReadonlyMap<string, SignIn>; at: number }

/** Who is on now, as the stream of sign-ins tells; nothing fetches it. */
export const onlineQuery = queryOptions<Online>({ queryKey: ['online'], queryFn: skipToken, staleTime: Infinity })

/** Keeps the cache level with who is on. The stream tells of everyone whenever it opens, and then each change. */
export function signInEvents(client: QueryClient): Topic {
  let heard = new Map<string, SignIn>()
  let shown: ReadonlyMap<string, SignIn> | null = null
  return {
    path: '/api/v1/sign-ins/events',
    onOpen: () => {
      heard = new Map()
      shown = null
    },
    on: {
      'sign-ins': (data) => {
        for (const signIn of (data as { items: SignIn[] }).items) heard.set(signIn.id, signIn)
        shown = null
      },
      'sign-outs': (data) => {
        for (const id of (data as { ids: string[] }).ids) heard.delete(id)
        shown = null
      },
      looked: () => {
        shown ??= new Map(heard)
        client.setQueryData(onlineQuery.queryKey, { signIns: shown, at: serverNow() })
      },
    },
  }
}
