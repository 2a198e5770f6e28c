import { t } from '@lingui/core/macro'
import { inOwnLanguage } from '../components/own-language'

/** A refusal or failure of the server, in words that can be shown to a person. */
export class Problem extends Error {
  /** HTTP status; 0 when the server could not be reached at all. */
  readonly status: number
  /** Seconds the server asks us to wait, where it says so. */
  readonly retryAfter: number | null
  /** What the server calls problems of the kind. */
  readonly kind: string | null

  constructor(status: number, message: string, retryAfter: number | null = null, kind: string | null = null) {
    super(message)
    this.name = 'Problem'
    this.status = status
    this.kind = kind
    this.retryAfter = retryAfter
  }
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof Problem && error.status === status
}

export function isKind(error: unknown, kind: string): boolean {
  return error instanceof Problem && error.kind === kind
}

/** What to show for any error that a request ended in. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : t`Something went wrong. Please try again.`
}

export const unreachable = inOwnLanguage(() => t`The server cannot be reached. Check your connection and try again.`)

type Answer<T> = { data?: T; error?: unknown; response: Response }

/** The data of an answer; a Problem is thrown for anything else. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call.catch(() => {
    throw new Problem(0, unreachable())
  })
  if (!response.ok) throw problemFrom(response, error)
  return data as T
}

function problemFrom(response: Response, body: unknown): Problem {
  const wait = Number(response.headers.get('Retry-After') ?? Number.NaN)
  const message = sentenceIn(body) ?? t`The server answered ${response.status}. Please try again.`
  return new Problem(response.status, message, Number.isFinite(wait) ? wait : null, textOf(body, 'type'))
}

function sentenceIn(body: unknown): string | null {
  return textOf(body, 'detail') || textOf(body, 'title')
}

function textOf(body: unknown, name: 'detail' | 'title' | 'type'): string | null {
  if (typeof body !== 'object' || body === null) return null
  const text = (body as Record<string, unknown>)[name]
  return typeof text === 'string' ? text : null
}
