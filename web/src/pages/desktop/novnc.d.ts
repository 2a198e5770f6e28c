/** The part of noVNC that we use. */
declare module '@novnc/novnc' {
  type Events = {
    connect: CustomEvent<unknown>
    disconnect: CustomEvent<{ clean: boolean }>
    clipboard: CustomEvent<{ text: string }>
  }

  export default class RFB extends EventTarget {
    constructor(target: Element, channel: WebSocket, options?: { shared?: boolean })
    background: string
    scaleViewport: boolean
    resizeSession: boolean
    /** 0 (coarse) to 9 (fine) */
    qualityLevel: number
    /** 0 (none) to 9 (most) */
    compressionLevel: number
    addEventListener<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void
    removeEventListener<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void
    clipboardPasteFrom(text: string): void
    disconnect(): void
    focus(): void
    sendKey(keysym: number, code: string | null, down?: boolean): void
  }
}
