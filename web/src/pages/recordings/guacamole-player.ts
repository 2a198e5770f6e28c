import { Player } from './player'

/** Milliseconds between two pictures. */
const frame = 40

/** What draws a recording: Guacamole's own, which keeps time at one speed only. `done` is called when it is there. */
export type Drawing = {
  getDuration: () => number
  seek: (position: number, done: () => void) => void
  close: () => void
}

/** Plays what a Guacamole server said. */
export class GuacamolePlayer extends Player {
  private readonly drawing: Drawing
  private timer: ReturnType<typeof setTimeout> | undefined
  private run = 0

  constructor(drawing: Drawing) {
    super()
    this.drawing = drawing
    this.seek(0)
  }

  get duration(): number {
    return this.drawing.getDuration()
  }

  close(): void {
    this.run += 1
    clearTimeout(this.timer)
    this.drawing.close()
  }

  protected draw(): void {
    clearTimeout(this.timer)
    this.run += 1
    this.proceed(this.run)
  }

  /** Draws where it is now, again and again while it plays, until another run begins. */
  private proceed(run: number): void {
    const isLast = this.position >= this.duration
    this.drawing.seek(this.drawnTo, () => {
      if (run !== this.run || !this.isPlaying) return
      if (isLast) this.finish()
      else {
        this.timer = setTimeout(() => {
          this.proceed(run)
        }, frame)
      }
    })
  }
}
