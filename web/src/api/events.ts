import type { QueryClient } from '@tanstack/react-query'
import type { Desktop } from './client'
import { forgetDesktop, keys, meQuery, rememberDesktop } from './queries'

export type Liveness = 'connecting' | 'live' | 'lost'

const eventsPath = '/api/v1/events'
/** An open stream holds one of the browser's six connections to a server: hidden tabs give theirs back. */
const closeHiddenAfter = 20_000
const retryDelays = [500, 1000, 2000, 4000, 8000]

/**
 * Keeps the cache level with the server by its stream of events until stopped.
 *
 * Whatever was missed while the stream was away is fetched again when it is back.
 */
export class LiveEvents {
  private source: EventSource | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private failures = 0
  private stopped = false
  private readonly client: QueryClient
  private readonly ownerId: number
  private readonly report: (liveness: Liveness) => void

  constructor(client: QueryClient, ownerId: number, report: (liveness: Liveness) => void) {
    this.client = client
    this.ownerId = ownerId
    this.report = report
  }

  start(): void {
    document.addEventListener('visibilitychange', this.followVisibility)
    window.addEventListener('online', this.open)
    window.addEventListener('offline', this.lose)
    this.open()
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.followVisibility)
    window.removeEventListener('online', this.open)
    window.removeEventListener('offline', this.lose)
    this.stopped = true
    this.close()
  }

  private readonly open = (): void => {
    this.close()
    const source = new EventSource(eventsPath)
    source.addEventListener('open', this.welcome)
    source.addEventListener('error', this.lose)
    source.addEventListener('desktop', this.patch)
    source.addEventListener('desktop-deleted', this.forget)
    this.source = source
  }

  private close(): void {
    clearTimeout(this.timer)
    this.source?.close()
    this.source = null
  }

  private readonly welcome = (): void => {
    this.failures = 0
    this.report('live')
    void this.client.invalidateQueries({ queryKey: keys.desktops })
    void this.client.invalidateQueries({ queryKey: ['desktop'] })
  }

  private readonly lose = (): void => {
    this.close()
    this.report('lost')
    const delay = retryDelays[Math.min(this.failures, retryDelays.length - 1)]
    this.failures += 1
    this.timer = setTimeout(() => void this.reopen(), delay)
  }

  /** The stream does not say why it was refused. Asking who we are renews an access that ran out. */
  private async reopen(): Promise<void> {
    try {
      await this.client.query({ ...meQuery, staleTime: 0, retry: false })
      if (!this.stopped) this.open()
    } catch {
      if (!this.stopped) this.lose()
    }
  }

  private readonly followVisibility = (): void => {
    if (document.hidden) {
      clearTimeout(this.timer)
      this.timer = setTimeout(() => {
        this.close()
      }, closeHiddenAfter)
    } else if (this.source) {
      clearTimeout(this.timer)
    } else {
      this.open()
    }
  }

  private readonly patch = (event: MessageEvent<string>): void => {
    const desktop = JSON.parse(event.data) as Desktop
    // An administrator's stream carries everybody's; these lists show one's own.
    if (desktop.owner.id === this.ownerId) rememberDesktop(this.client, desktop)
  }

  private readonly forget = (event: MessageEvent<string>): void => {
    const { id } = JSON.parse(event.data) as { id: number }
    forgetDesktop(this.client, id)
  }
}
