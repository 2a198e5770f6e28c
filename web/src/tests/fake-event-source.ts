import { vi } from 'vitest'

/** A stream of events that the test sends by hand. */
export class FakeEventSource extends EventTarget {
  static opened: FakeEventSource[] = []
  isClosed = false
  readonly path: string

  static install(): void {
    FakeEventSource.opened = []
    vi.stubGlobal('EventSource', FakeEventSource)
  }

  static get last(): FakeEventSource {
    const source = FakeEventSource.opened.at(-1)
    if (!source) throw new Error('No stream was opened.')
    return source
  }

  constructor(path: string) {
    super()
    this.path = path
    FakeEventSource.opened.push(this)
  }

  close(): void {
    this.isClosed = true
  }

  send(name: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }))
  }

  accept(): void {
    this.dispatchEvent(new Event('open'))
  }

  fail(): void {
    this.dispatchEvent(new Event('error'))
  }
}
