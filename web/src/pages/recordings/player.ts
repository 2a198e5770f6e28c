/** In the first moments a screen is empty yet: at the beginning stands what was there after these milliseconds. */
const opening = 999

/** How many times as fast a recording can be played. */
export const speeds = [1, 2, 4, 8]

/** Plays a recording by a clock of its own. Tells by `change` events that it plays now, or does not, or is elsewhere. */
export abstract class Player extends EventTarget {
  /** Milliseconds, as is every position. */
  abstract readonly duration: number
  private anchor = 0
  private startedAt: number | null = null
  private rate = 1

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
    this.go()
  }

  play(): void {
    if (this.isPlaying || this.duration === 0) return
    if (this.anchor >= this.duration) this.anchor = 0
    this.startedAt = performance.now()
    this.go()
  }

  pause(): void {
    this.anchor = this.position
    this.startedAt = null
    this.go()
  }

  seek(position: number): void {
    this.stand(Math.max(0, Math.min(this.duration, position)))
    this.go()
  }

  abstract close(): void

  /** Shows what is to be seen now, and while it plays what comes after; calls `finish` at the end. */
  protected abstract draw(): void

  /** Up to where everything is to be seen now. */
  protected get drawnTo(): number {
    return Math.max(this.position, Math.min(opening, this.duration))
  }

  protected finish(): void {
    this.anchor = this.duration
    this.startedAt = null
    this.tell()
  }

  protected tell(): void {
    this.dispatchEvent(new Event('change'))
  }

  private go(): void {
    this.tell()
    this.draw()
  }

  /** Goes on from a position, playing or not. */
  private stand(position: number): void {
    this.anchor = position
    if (this.startedAt !== null) this.startedAt = performance.now()
  }
}
