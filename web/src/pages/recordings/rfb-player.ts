import type { Piece } from './fbs'
import type { Player } from './player'
import { RfbChannel } from './rfb-channel'

/** What draws a stream: noVNC's RFB. `settled` resolves once all that was said is drawn. */
export type Viewer = { settled: () => Promise<void>; disconnect: () => void }
export type OpenViewer = (channel: RfbChannel) => Viewer

/** For so long the page may stand still while much is drawn at once. */
const patience = 40

/** Plays what a VNC server said. Going back means to begin anew: each picture builds on those before. */
export class RfbPlayer extends EventTarget implements Player {
  readonly speeds = [1, 2, 4, 8]
  readonly duration: number
  private readonly pieces: Piece[]
  private readonly open: OpenViewer
  private channel: RfbChannel
  private viewer: Viewer
  private next = 0
  private anchor = 0
  private startedAt: number | null = null
  private rate = 1
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

  get isPlaying(): boolean {
    return this.startedAt !== null
  }

  get position(): number {
    if (this.startedAt === null) return this.anchor
    return Math.min(this.duration, this.anchor + (performance.now() - this.startedAt) * this.rate)
  }

  get speed(): number {
    return this.rate
  }

  setSpeed(rate: number): void {
    this.stand(this.position)
    this.rate = rate
    void this.go(++this.run)
  }

  play(): void {
    if (this.isPlaying) return
    if (this.anchor >= this.duration) this.rewind()
    this.startedAt = performance.now()
    void this.go(++this.run)
  }

  pause(): void {
    this.stand(this.position)
    this.startedAt = null
    void this.go(++this.run)
  }

  seek(position: number): void {
    const to = Math.max(0, Math.min(this.duration, position))
    if (to < this.position) this.rewind()
    this.stand(to)
    void this.go(++this.run)
  }

  close(): void {
    this.run += 1
    clearTimeout(this.timer)
    this.viewer.disconnect()
  }

  /** Goes on from a position, playing or not. */
  private stand(position: number): void {
    this.anchor = position
    if (this.startedAt !== null) this.startedAt = performance.now()
  }

  private rewind(): void {
    this.viewer.disconnect()
    this.channel = new RfbChannel()
    this.viewer = this.open(this.channel)
    this.next = 0
    this.anchor = 0
  }

  /** Draws all up to the position, and later what comes, until another run begins. */
  private async go(run: number): Promise<void> {
    clearTimeout(this.timer)
    this.dispatchEvent(new Event('change'))
    await this.channel.attached
    let since = performance.now()
    while (run === this.run && this.upcoming() <= this.position) {
      const piece = this.pieces[this.next]
      if (!piece) break
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

  private upcoming(): number {
    return this.pieces[this.next]?.at ?? Infinity
  }

  private waitForMore(run: number): void {
    if (this.next >= this.pieces.length) {
      this.anchor = this.duration
      this.startedAt = null
      this.dispatchEvent(new Event('change'))
      return
    }
    const wait = (this.upcoming() - this.position) / this.rate
    this.timer = setTimeout(() => void this.go(run), wait)
  }
}
