import type { Viewer } from './connection'
import type { Keyboard } from './keys'

/** A desktop's screen on the page, whatever is spoken with the server. Events: `connect`, `disconnect`, `clipboard` with `detail.text`. */
export interface Screen extends EventTarget, Viewer, Keyboard {
  scaleViewport: boolean
  resizeSession: boolean
  /** 0 (coarse) to 9 (fine) */
  qualityLevel: number
  /** 0 (none) to 9 (most) */
  compressionLevel: number
  clipboardPasteFrom(text: string): void
  focus(): void
  addEventListener(name: string, listener: EventListenerOrEventListenerObject): void
}

/** The address of a desktop's screen on this server. */
export function addressOf(id: number, what: 'vnc' | 'guacamole'): URL {
  const address = new URL(`/api/v1/desktops/${id}/${what}`, window.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return address
}
