type LockableKeyboard = { lock: () => Promise<void> }

/** In full screen, lets keys such as Alt-Tab and Escape go to the desktop, in browsers that can. */
export function lockKeyboard(): void {
  const { keyboard } = navigator as Navigator & { keyboard?: LockableKeyboard }
  // Refused where the page is not in front: the keys stay with the browser then.
  keyboard?.lock().catch(() => undefined)
}
