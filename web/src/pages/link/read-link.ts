import { safeNext } from '../../components/safe-next'

export type SignInLink = { token: string; next: string }

/** The one-time token, and the page to go on to, of a fragment `#/link/<token>?next=<path>`; null for other fragments. */
export function readLink(hash: string): SignInLink | null {
  const match = /^#\/link\/([\w.~-]+)(?:\?(.*))?$/.exec(hash)
  if (!match?.[1]) return null
  return { token: match[1], next: safeNext(new URLSearchParams(match[2]).get('next')) }
}
