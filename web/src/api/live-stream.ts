import type { QueryClient } from '@tanstack/react-query'
import { meQuery } from './queries'

export type Liveness = 'connecting' | 'live' | 'lost'

/** A stream of events: where it is, what follows when it opens, and what each event does. */
export type Topic = {
  path: string
  onOpen: () => void
  on: Record<string, (data: unknown) => void>
}

/** An open stream holds one of the browser's six connections to a server: hidden tabs give theirs back. */
const closeHiddenAfter = 20_000
const retryDelays = [500, 1000, 2000, 4000, 8000]

/** Listens to a topic until stopped: opens its stream again whenever it was lost. */
export class LiveStream {
  private source: EventSource | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private failures = 0
  private stopped = false
  private readonly client: QueryClient
  private readonly topic: Topic
  private readonly report: (liveness: Liveness) => void

  constructor(client: QueryClient, topic: Topic, report: (liveness: Liveness) => void) {
    this.client = client
    this.topic = topic
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
    const source = new EventSource(this.topic.path)
    source.addEventListener('open', this.welcome)
    source.addEventListener('error', this.lose)
    for (const [name, listen] of Object.entries(this.topic.on)) {
      source.addEventListener(name, ({ data }: MessageEvent<string>) => {
        listen(JSON.parse(data))
      })
    }
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
    this.topic.onOpen()
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
}
