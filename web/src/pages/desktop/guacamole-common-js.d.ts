/** The part of guacamole-common-js that we use. */
declare module 'guacamole-common-js' {
  type MouseState = { x: number; y: number }
  type PointerDevice = { onEach: (types: string[], handler: (event: { state: MouseState }) => void) => void }
  type Status = { code: number }
  type InputStream = object
  type OutputStream = object

  class WebSocketTunnel {
    constructor(url: string)
    onerror: ((status: Status) => void) | null
  }
  class Display {
    getElement(): HTMLElement
    getWidth(): number
    getHeight(): number
    scale(factor: number): void
    showCursor(shown: boolean): void
    onresize: (() => void) | null
  }
  class Client {
    static readonly State: { CONNECTED: number; DISCONNECTED: number }
    constructor(tunnel: WebSocketTunnel)
    connect(data: string): void
    disconnect(): void
    getDisplay(): Display
    sendKeyEvent(pressed: 0 | 1, keysym: number): void
    sendMouseState(state: MouseState, isScaled: boolean): void
    sendSize(width: number, height: number): void
    createClipboardStream(mimetype: string): OutputStream
    onstatechange: ((state: number) => void) | null
    onerror: ((status: Status) => void) | null
    onclipboard: ((stream: InputStream, mimetype: string) => void) | null
  }
  /** Where instructions come from. */
  type Source = {
    oninstruction: ((opcode: string, parameters: string[]) => void) | null
    onstatechange: ((state: number) => void) | null
    disconnect(): void
  }
  interface Parser {
    oninstruction: ((opcode: string, parameters: string[]) => void) | null
    receive(text: string): void
  }
  interface SessionRecording {
    getDisplay(): Display
    getDuration(): number
    seek(position: number, done?: () => void): void
    abort(): void
  }
  interface Keyboard {
    onkeydown: ((keysym: number) => void) | null
    onkeyup: ((keysym: number) => void) | null
    reset(): void
  }
  interface StringReader {
    ontext: ((text: string) => void) | null
    onend: (() => void) | null
  }
  interface StringWriter {
    sendText(text: string): void
    sendEnd(): void
  }
  interface Mouse {
    new (element: HTMLElement): PointerDevice
    Touchscreen: new (element: HTMLElement) => PointerDevice
  }
  const Guacamole: {
    Client: typeof Client
    Keyboard: new (element: HTMLElement) => Keyboard
    Mouse: Mouse
    Parser: new () => Parser
    /** A Blob is taken, too, and fails in 1.5.0. */
    SessionRecording: new (source: Source) => SessionRecording
    Tunnel: { State: { CLOSED: number } }
    StringReader: new (stream: InputStream) => StringReader
    StringWriter: new (stream: OutputStream) => StringWriter
    WebSocketTunnel: typeof WebSocketTunnel
  }
  export type { Client, Display, Source }
  export default Guacamole
}
