import { safeNext } from '../../components/safe-next'

const key = 'deskbay-next-page'

/** Keeps in this tab where to go on to, while the person is at a provider. */
export function rememberNext(next: string | null): void {
  sessionStorage.setItem(key, safeNext(next))
}

export function rememberedNext(): string {
  return safeNext(sessionStorage.getItem(key))
}
