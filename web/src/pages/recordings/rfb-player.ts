import type { Piece } from './fbs'
import { Player } from './player'
import { RfbChannel } from './rfb-channel'

/** What draws a stream: noVNC's RFB. `settled` resolves once all that was said is drawn. */
export type Viewer = { settled: () => Promise<void>; disconnect: () => void }
export type OpenViewer = (channel: RfbChannel) => Viewer

/** For so long the page may stand still while much is drawn at once. */
const patience = 40

/** Plays what a VNC server said. Going back means to begin anew: each picture builds on those before. */
export class RfbPlayer extends Player {
  readonly duration: number
  private readonly pieces: Piece[]
  private readonly open: OpenViewer
  private channel: RfbChannel
  private viewer: Viewer
  private next = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private run = 0

  constructor(pieces: Piece[], open: OpenViewer) {
    super()
    this.pieces = pieces
    this.open = open
    this.duration = pieces.at(-1)?.at ?? 0
    this.channel = new RfbChannel()
    this.viewer = open(this.channel)
    this.seek(0)
  }

  close(): void {
    this.run += 1
    clearTimeout(this.timer)
    this.viewer.disconnect()
  }

  protected draw(): void {
    const latest = this.pieces[this.next - 1]?.at ?? 0
    if (latest > this.drawnTo) this.rewind()
    void this.proceed(++this.run)
  }

  private rewind(): void {
    this.viewer.disconnect()
    this.channel = new RfbChannel()
    this.viewer = this.open(this.channel)
    this.next = 0
  }

  /** Draws all up to the position, and later what comes, until another run begins. */
  private async proceed(run: number): Promise<void> {
    clearTimeout(this.timer)
    await this.channel.attached
    let since = performance.now()
    while (run === this.run) {
      const piece = this.pieces[this.next]
      if (!piece || piece.at > this.drawnTo) break
      this.next += 1
      this.channel.say(piece.data)
      await this.viewer.settled()
      if (performance.now() - since > patience) {
        await new Promise((resolve) => setTimeout(resolve))
        since = performance.now()
      }
    }
    if (run === this.run && this.isPlaying) this.waitForMore(run)
  }

  private waitForMore(run: number): void {
    if (this.position >= this.duration) {
      this.finish()
      return
    }
    const upcoming = this.pieces[this.next]?.at ?? this.duration
    this.timer = setTimeout(() => void this.proceed(run), (upcoming - this.position) / this.speed)
  }
}
