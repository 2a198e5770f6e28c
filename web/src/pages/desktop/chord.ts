import { t } from '@lingui/core/macro'
import { inOwnLanguage } from '../../components/own-language'

/** The right Alt key is left out: it is AltGr on many keyboards, and types characters with Shift. */
const parts = inOwnLanguage((): Record<string, string> => ({
  ControlLeft: t`Ctrl`,
  ControlRight: t`Ctrl`,
  AltLeft: t`Alt`,
  ShiftLeft: t`Shift`,
  ShiftRight: t`Shift`,
}))

/**
 * Tells when Ctrl, Alt and Shift were pressed together and let go, with no other key in between.
 *
 * Firing on release means that the desktop, too, has seen them come up: none of them hangs there.
 */
export class Chord {
  private readonly held = new Set<string>()
  private isArmed = false
  private isSpoilt = false

  press({ code }: { code: string }): void {
    const part = parts()[code]
    if (!part) this.isSpoilt = true
    this.held.add(part ?? code)
    this.isArmed ||= this.held.size === 3
  }

  /** True when this release completes the chord. */
  release({ code }: { code: string }): boolean {
    this.held.delete(parts()[code] ?? code)
    if (this.held.size > 0) return false
    const isComplete = this.isArmed && !this.isSpoilt
    this.forget()
    return isComplete
  }

  forget(): void {
    this.held.clear()
    this.isArmed = false
    this.isSpoilt = false
  }
}
