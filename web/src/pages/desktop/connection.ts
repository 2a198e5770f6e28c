import type { Trouble } from './guacd-reasons'

export type Link =
  | { phase: 'connecting' }
  | { phase: 'connected' }
  | { phase: 'lost'; retryAt: number; reason?: string | undefined }
  | { phase: 'refused'; reason?: string | undefined }

/** What a connection wants of the viewer; noVNC's RFB is one. Its `disconnect` may tell the trouble, if it is known. */
export interface Viewer {
  addEventListener(name: 'connect' | 'disconnect', listener: (event: Event) => void): void
  disconnect(): void
}

/** The socket tells by the code of its `close` event when trying again would change nothing. */
export type Opened<V extends Viewer> = { viewer: V; socket?: EventTarget }

type Told = { trouble?: Trouble | null } | null

type Parts<V extends Viewer> = {
  open: () => Opened<V>
  /** Asks the server for the desktop, which renews an access that ran out; rejects while it is out of reach. */
  check: () => Promise<unknown>
  report: (link: Link, viewer: V | null) => void
}

const retryDelays = [300, 1000, 2000, 4000, 8000]
/** A connection that held this long was a good one: the next trouble starts with short delays again. */
const settledAfter = 5000
/** The gateway's close codes for "not yours" and "unknown": trying again would change nothing. */
const finalCodes = [4403, 4404]

/** Keeps a screen connected: whenever the connection breaks, it is opened again, at longer and longer intervals. */
export class ScreenConnection<V extends Viewer> {
  private readonly parts: Parts<V>
  private viewer: V | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private attempts = 0
  private connectedAt: number | null = null
  private closeCode: number | null = null

  constructor(parts: Parts<V>) {
    this.parts = parts
  }

  start(): void {
    window.addEventListener('online', this.retryNow)
    this.open()
  }

  stop(): void {
    window.removeEventListener('online', this.retryNow)
    clearTimeout(this.timer)
    this.timer = undefined
    const viewer = this.viewer
    this.viewer = null
    viewer?.disconnect()
  }

  /** Ends the wait for the next attempt. */
  readonly retryNow = (): void => {
    if (this.viewer) return
    clearTimeout(this.timer)
    void this.reopen()
  }

  private open(): void {
    this.closeCode = null
    this.connectedAt = null
    const { viewer, socket } = this.parts.open()
    this.viewer = viewer
    socket?.addEventListener('close', (event) => {
      this.closeCode = (event as CloseEvent).code
    })
    viewer.addEventListener('connect', () => {
      if (this.viewer === viewer) this.settle(viewer)
    })
    viewer.addEventListener('disconnect', (event) => {
      if (this.viewer === viewer) this.lose((event as CustomEvent<Told>).detail?.trouble ?? undefined)
    })
    this.parts.report({ phase: 'connecting' }, null)
  }

  private settle(viewer: V): void {
    this.connectedAt = Date.now()
    this.parts.report({ phase: 'connected' }, viewer)
  }

  private lose(trouble?: Trouble): void {
    this.viewer = null
    if (trouble?.isFinal || (this.closeCode !== null && finalCodes.includes(this.closeCode))) {
      this.parts.report({ phase: 'refused', reason: trouble?.reason }, null)
      return
    }
    if (this.connectedAt !== null && Date.now() - this.connectedAt > settledAfter) this.attempts = 0
    this.waitForRetry(trouble?.reason)
  }

  private waitForRetry(reason?: string): void {
    const delay = retryDelays[Math.min(this.attempts, retryDelays.length - 1)] ?? 0
    this.attempts += 1
    this.parts.report({ phase: 'lost', retryAt: Date.now() + delay, reason }, null)
    this.timer = setTimeout(() => void this.reopen(), delay)
  }

  private async reopen(): Promise<void> {
    const timer = this.timer
    const isReachable = await this.parts.check().then(
      () => true,
      () => false,
    )
    // Stopped or begun anew in the meantime.
    if (this.timer !== timer || this.viewer) return
    if (isReachable) this.open()
    else this.waitForRetry()
  }
}
