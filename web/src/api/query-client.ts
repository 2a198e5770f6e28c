import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { Problem, isKind, isStatus } from './problem'
import { keys } from './queries'

const mostRetries = 2

/**
 * A cache of what the server said. A refused access anywhere shows the sign-in page; a right that turns out to be missing
 * has the page ask what rights there are by now.
 */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: followRefusal }),
    mutationCache: new MutationCache({ onError: followRefusal }),
    defaultOptions: { queries: { retry: worthRetrying, staleTime: 5_000 } },
  })
  function followRefusal(error: Error): void {
    if (!client.getQueryData(keys.me)) return
    if (isStatus(error, 401)) client.setQueryData(keys.me, null)
    if (isKind(error, 'right-missing')) void client.invalidateQueries({ queryKey: keys.me })
  }
  return client
}

function worthRetrying(failures: number, error: Error): boolean {
  const isTheirs = error instanceof Problem && error.status >= 400 && error.status < 500
  return !isTheirs && failures < mostRetries
}
