/** The page to go on to after a sign-in: only ever one of our own, whatever the address asks for. */
export function safeNext(next: string | null): string {
  if (!next) return '/'
  const target = URL.parse(next, window.location.origin)
  if (!next.startsWith('/') || target?.origin !== window.location.origin) return '/'
  return target.pathname + target.search
}
