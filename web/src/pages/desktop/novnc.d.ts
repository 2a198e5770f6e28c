/** The part of noVNC that we use. */
declare module '@novnc/novnc' {
  /** Events: `connect`, `disconnect`, and `clipboard` with `detail.text`. */
  export default class RFB extends EventTarget {
    constructor(target: Element, channel: WebSocket, options?: { shared?: boolean })
    background: string
    scaleViewport: boolean
    resizeSession: boolean
    /** 0 (coarse) to 9 (fine) */
    qualityLevel: number
    /** 0 (none) to 9 (most) */
    compressionLevel: number
    clipboardPasteFrom(text: string): void
    disconnect(): void
    focus(): void
    sendKey(keysym: number, code: string | null, down?: boolean): void
  }
}
