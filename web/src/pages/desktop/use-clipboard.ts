import { useEffect, useRef, useState } from 'react'

/** Browsers let pages at the clipboard on secure origins only. */
export const canShareClipboard = window.isSecureContext && 'clipboard' in navigator

/** The desktop's end, which tells of what is copied there by `clipboard` events; noVNC's RFB is one. */
type FarEnd = EventTarget & { clipboardPasteFrom: (text: string) => void }

type Clipboard = { text: string; setText: (text: string) => void }

/** The desktop's clipboard, kept level with this computer's while it is shared. */
export function useClipboard(far: FarEnd | null, isShared: boolean): Clipboard {
  const [text, setText] = useState('')
  const last = useRef('')
  useEffect(() => {
    const receive = (event: Event) => {
      const { text: copied } = (event as CustomEvent<{ text: string }>).detail
      last.current = copied
      setText(copied)
      if (isShared) void navigator.clipboard.writeText(copied).catch(notAllowed)
    }
    far?.addEventListener('clipboard', receive)
    return () => far?.removeEventListener('clipboard', receive)
  }, [far, isShared])
  const send = (next: string) => {
    last.current = next
    setText(next)
    far?.clipboardPasteFrom(next)
  }
  useEffect(() => {
    if (!isShared || !far) return
    const offer = () => {
      const before = last.current
      void navigator.clipboard.readText().then((here) => {
        const isOvertaken = last.current !== before
        if (here === '' || here === before || isOvertaken) return
        last.current = here
        setText(here)
        far.clipboardPasteFrom(here)
      }, notAllowed)
    }
    offer()
    window.addEventListener('focus', offer)
    return () => {
      window.removeEventListener('focus', offer)
    }
  }, [far, isShared])
  return { text, setText: send }
}

/** Refused for now, such as while another window has the focus: the next occasion serves as well. */
function notAllowed(): void {}
