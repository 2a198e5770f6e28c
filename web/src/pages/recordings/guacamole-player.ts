import Guacamole, { type SessionRecording, type Source } from 'guacamole-common-js'
import type { Player } from './player'

/** Plays Guacamole's instructions, by Guacamole's own player, in an element. */
export class GuacamolePlayer extends EventTarget implements Player {
  readonly speeds = [1]
  readonly speed = 1
  private readonly recording: SessionRecording
  private readonly sizes: ResizeObserver

  constructor(element: HTMLElement, file: Blob) {
    super()
    const source: Source = { oninstruction: null, onstatechange: null, disconnect: () => undefined }
    this.recording = new Guacamole.SessionRecording(source)
    const display = this.recording.getDisplay()
    const view = display.getElement()
    view.style.margin = 'auto'
    element.append(view)
    const fit = () => {
      const [width, height] = [display.getWidth(), display.getHeight()]
      if (width && height) display.scale(Math.min(element.clientWidth / width, element.clientHeight / height))
    }
    this.sizes = new ResizeObserver(fit)
    this.sizes.observe(element)
    display.onresize = fit
    const tell = () => {
      this.dispatchEvent(new Event('change'))
    }
    Object.assign(this.recording, { onplay: tell, onpause: tell, onseek: tell })
    this.recording.onload = () => {
      this.recording.seek(0, tell)
      tell()
    }
    void this.load(file, source)
  }

  private async load(file: Blob, source: Source): Promise<void> {
    const parser = new Guacamole.Parser()
    parser.oninstruction = (opcode, parameters) => source.oninstruction?.(opcode, parameters)
    parser.receive(await file.text())
    source.onstatechange?.(Guacamole.Tunnel.State.CLOSED)
  }

  get duration(): number {
    return this.recording.getDuration()
  }

  get position(): number {
    return this.recording.getPosition()
  }

  get isPlaying(): boolean {
    return this.recording.isPlaying()
  }

  play(): void {
    if (this.position >= this.duration) {
      this.recording.seek(0, () => {
        this.recording.play()
      })
    } else this.recording.play()
  }

  pause(): void {
    this.recording.pause()
  }

  seek(position: number): void {
    this.recording.seek(position)
  }

  setSpeed(): void {}

  close(): void {
    this.sizes.disconnect()
    this.recording.pause()
    this.recording.abort()
    this.recording.getDisplay().getElement().remove()
  }
}
