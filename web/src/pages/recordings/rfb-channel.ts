/** The server's end of a recorded stream, in the shape that noVNC takes for a WebSocket: it says, and never listens. */
export class RfbChannel {
  binaryType = 'arraybuffer'
  protocol = ''
  readyState: 'open' | 'closed' = 'open'
  onopen: (() => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  onerror: (() => void) | null = null
  /** Resolves once somebody listens. */
  readonly attached: Promise<void>
  private hear: ((event: { data: ArrayBuffer }) => void) | null = null
  private tellAttached: () => void = () => undefined

  constructor() {
    this.attached = new Promise((resolve) => {
      this.tellAttached = resolve
    })
  }

  get onmessage() {
    return this.hear
  }

  set onmessage(hear: ((event: { data: ArrayBuffer }) => void) | null) {
    this.hear = hear
    this.tellAttached()
  }

  say(data: ArrayBuffer): void {
    this.hear?.({ data })
  }

  send(): void {}

  close(): void {
    if (this.readyState === 'closed') return
    this.readyState = 'closed'
    queueMicrotask(() => this.onclose?.(new CloseEvent('close', { code: 1000, wasClean: true })))
  }
}
