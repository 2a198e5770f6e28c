import { useEffect, useEffectEvent } from 'react'
import { Chord } from './chord'

/** Runs something when Ctrl, Alt and Shift are pressed together, also while the desktop has the keyboard. */
export function useChord(run: () => void): void {
  const onChord = useEffectEvent(run)
  useEffect(() => {
    const chord = new Chord()
    const press = (event: KeyboardEvent) => {
      chord.press(event)
    }
    const release = (event: KeyboardEvent) => {
      if (chord.release(event)) onChord()
    }
    const forget = () => {
      chord.forget()
    }
    // While the keys come down to their target, since noVNC lets none come up again from there.
    window.addEventListener('keydown', press, { capture: true })
    window.addEventListener('keyup', release, { capture: true })
    window.addEventListener('blur', forget)
    return () => {
      window.removeEventListener('keydown', press, { capture: true })
      window.removeEventListener('keyup', release, { capture: true })
      window.removeEventListener('blur', forget)
    }
  }, [])
}
