import Guacamole, { type Client, type Display } from 'guacamole-common-js'
import { troubleOf, type Trouble } from './guacd-reasons'
import { addressOf, type Screen } from './screen'

const plainText = 'text/plain'
const pointing = ['mousedown', 'mouseup', 'mousemove']
/** A window that is being resized asks for one new size, not for all on the way. */
const settledAfter = 200

/** A desktop that is shown by RDP or SSH: Guacamole's client in the shape of noVNC's. */
export class GuacamoleScreen extends EventTarget implements Screen {
  /** What has no meaning here is taken all the same. */
  qualityLevel = 6
  compressionLevel = 2
  private readonly frame = document.createElement('div')
  private readonly client: Client
  private readonly display: Display
  private readonly sizes = new ResizeObserver(() => {
    this.fit()
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.askForSize()
    }, settledAfter)
  })
  private timer: ReturnType<typeof setTimeout> | undefined
  private isScaled = true
  private isResized = false
  private isOver = false

  constructor(target: HTMLElement, id: number) {
    super()
    const tunnel = new Guacamole.WebSocketTunnel(addressOf(id, 'guacamole').href)
    this.client = new Guacamole.Client(tunnel)
    this.display = this.client.getDisplay()
    this.frame.tabIndex = 0
    Object.assign(this.frame.style, { position: 'absolute', inset: '0', overflow: 'auto', outline: 'none' })
    Object.assign(this.display.getElement().style, { margin: 'auto' })
    this.frame.append(this.display.getElement())
    target.append(this.frame)
    this.listen()
    this.takeInput()
    this.sizes.observe(target)
    const { clientWidth, clientHeight } = target
    const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone
    this.client.connect(
      new URLSearchParams({ width: `${clientWidth}`, height: `${clientHeight}`, timezone }).toString(),
    )
    tunnel.onerror = ({ code }) => {
      // The gateway's own word, by which it also tells who signed out: no refusal of the desktop's.
      const trouble = troubleOf(code)
      this.end(trouble?.isFinal ? null : trouble)
    }
  }

  get scaleViewport(): boolean {
    return this.isScaled
  }

  set scaleViewport(isScaled: boolean) {
    this.isScaled = isScaled
    this.fit()
  }

  get resizeSession(): boolean {
    return this.isResized
  }

  set resizeSession(isResized: boolean) {
    this.isResized = isResized
    this.askForSize()
  }

  disconnect(): void {
    this.client.disconnect()
    this.end()
  }

  focus(): void {
    this.frame.focus({ preventScroll: true })
  }

  sendKey(keysym: number, _code: string | null, down?: boolean): void {
    if (down !== false) this.client.sendKeyEvent(1, keysym)
    if (down !== true) this.client.sendKeyEvent(0, keysym)
  }

  clipboardPasteFrom(text: string): void {
    const writer = new Guacamole.StringWriter(this.client.createClipboardStream(plainText))
    writer.sendText(text)
    writer.sendEnd()
  }

  private listen(): void {
    this.client.onstatechange = (state) => {
      if (state === Guacamole.Client.State.CONNECTED) this.dispatchEvent(new Event('connect'))
      if (state === Guacamole.Client.State.DISCONNECTED) this.end()
    }
    this.client.onerror = ({ code }) => {
      this.end(troubleOf(code))
      this.client.disconnect()
    }
    this.client.onclipboard = (stream, mimetype) => {
      if (!mimetype.startsWith('text/')) return
      const reader = new Guacamole.StringReader(stream)
      let text = ''
      reader.ontext = (part) => {
        text += part
      }
      reader.onend = () => {
        this.dispatchEvent(new CustomEvent('clipboard', { detail: { text } }))
      }
    }
    this.display.onresize = () => {
      this.fit()
    }
  }

  private takeInput(): void {
    const view = this.display.getElement()
    for (const device of [new Guacamole.Mouse(view), new Guacamole.Mouse.Touchscreen(view)]) {
      device.onEach(pointing, ({ state }) => {
        this.focus()
        this.client.sendMouseState(state, true)
      })
    }
    const keyboard = new Guacamole.Keyboard(this.frame)
    keyboard.onkeydown = (keysym) => {
      this.client.sendKeyEvent(1, keysym)
    }
    keyboard.onkeyup = (keysym) => {
      this.client.sendKeyEvent(0, keysym)
    }
    this.frame.addEventListener('blur', () => {
      keyboard.reset()
    })
  }

  private fit(): void {
    const [width, height] = [this.display.getWidth(), this.display.getHeight()]
    const isShown = this.isScaled && width > 0 && height > 0
    this.display.scale(isShown ? Math.min(this.frame.clientWidth / width, this.frame.clientHeight / height) : 1)
  }

  private askForSize(): void {
    const { clientWidth, clientHeight } = this.frame
    if (this.isResized && clientWidth > 0) this.client.sendSize(clientWidth, clientHeight)
  }

  private end(trouble: Trouble | null = null): void {
    if (this.isOver) return
    this.isOver = true
    this.sizes.disconnect()
    clearTimeout(this.timer)
    this.frame.remove()
    this.dispatchEvent(new CustomEvent('disconnect', { detail: { trouble } }))
  }
}
