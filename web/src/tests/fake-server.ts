import { vi } from 'vitest'

type Answer = { status?: number; body?: unknown; headers?: Record<string, string>; kind?: string }
type Handler = (request: Request) => Answer | Promise<Answer>

/** A server of our API that answers as it is told, and remembers what it was asked. */
export class FakeServer {
  readonly asked: string[] = []
  readonly requests: Request[] = []
  private readonly handlers = new Map<string, Handler>()

  constructor() {
    vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) => this.answer(input, init))
  }

  /** Answers a request such as `GET /api/v1/about`. */
  on(request: string, handler: Handler | Answer): this {
    this.handlers.set(request, typeof handler === 'function' ? handler : () => handler)
    return this
  }

  times(request: string): number {
    return this.asked.filter((asked) => asked === request).length
  }

  private async answer(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const request = input instanceof Request ? input : new Request(new URL(input, window.location.origin), init)
    const name = `${request.method} ${new URL(request.url).pathname}`
    this.asked.push(name)
    this.requests.push(request.clone())
    const handler = this.handlers.get(name)
    if (!handler) return problem(404, `The fake server has no answer to ${name}.`)
    const { status = 200, body, headers, kind } = await handler(request)
    if (status >= 400) return problem(status, (body as string | undefined) ?? 'No.', headers, kind)
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { ...json, ...headers } })
  }
}

const json = { 'Content-Type': 'application/json' }

function problem(status: number, detail: string, headers?: Record<string, string>, kind = 'about:blank'): Response {
  return new Response(JSON.stringify({ type: kind, title: 'Problem', status, detail }), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  })
}
