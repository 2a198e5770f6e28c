import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { Problem, isStatus } from './problem'
import { keys } from './queries'

const mostRetries = 2

/** A cache of what the server said; a refused access anywhere shows the sign-in page. */
export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: showSignInWhenRefused }),
    mutationCache: new MutationCache({ onError: showSignInWhenRefused }),
    defaultOptions: { queries: { retry: worthRetrying, staleTime: 5_000 } },
  })
  function showSignInWhenRefused(error: Error): void {
    if (isStatus(error, 401) && client.getQueryData(keys.me)) client.setQueryData(keys.me, null)
  }
  return client
}

function worthRetrying(failures: number, error: Error): boolean {
  const isTheirs = error instanceof Problem && error.status >= 400 && error.status < 500
  return !isTheirs && failures < mostRetries
}
