/** The part of noVNC that we use. */
declare module '@novnc/novnc' {
  /** What is as good as a WebSocket. */
  type Channel = { onmessage: ((event: { data: ArrayBuffer }) => void) | null; send(): void; close(): void }

  /** Events: `connect`, `disconnect`, and `clipboard` with `detail.text`. */
  export default class RFB extends EventTarget {
    constructor(target: Element, channel: WebSocket | Channel, options?: { shared?: boolean })
    background: string
    focusOnClick: boolean
    scaleViewport: boolean
    resizeSession: boolean
    /** 0 (coarse) to 9 (fine) */
    qualityLevel: number
    /** 0 (none) to 9 (most) */
    compressionLevel: number
    clipboardPasteFrom(text: string): void
    disconnect(): void
    focus(): void
    /** Not promised; noVNC's own player asks it, too. */
    readonly _display: { pending(): boolean; flush(): Promise<void> }
    sendKey(keysym: number, code: string | null, down?: boolean): void
  }
}
