/** Plays a recording in an element. Tells by `change` events that it plays now, or does not, or is somewhere else. */
export interface Player extends EventTarget {
  /** Milliseconds. */
  readonly duration: number
  readonly position: number
  readonly isPlaying: boolean
  /** How many times as fast it can be played. */
  readonly speeds: readonly number[]
  readonly speed: number
  setSpeed(speed: number): void
  play(): void
  pause(): void
  seek(position: number): void
  close(): void
}
