/** The page to go on to after a sign-in: only ever one of our own, whatever the address asks for. */
export function safeNext(next: string | null): string {
  const { origin } = window.location
  if (!next?.startsWith('/') || !URL.canParse(next, origin)) return '/'
  const target = new URL(next, origin)
  return target.origin === origin ? target.pathname + target.search : '/'
}
