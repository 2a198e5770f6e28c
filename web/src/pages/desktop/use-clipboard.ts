import { useEffect, useRef, useState } from 'react'
import type RFB from '@novnc/novnc'

/** Browsers let pages at the clipboard on secure origins only. */
export const canShareClipboard = window.isSecureContext && 'clipboard' in navigator

type Clipboard = { text: string; setText: (text: string) => void }

/** The desktop's clipboard, kept level with this computer's while it is shared. */
export function useClipboard(rfb: RFB | null, isShared: boolean): Clipboard {
  const [text, setText] = useState('')
  const last = useRef('')
  useEffect(() => {
    const receive = (event: CustomEvent<{ text: string }>) => {
      last.current = event.detail.text
      setText(event.detail.text)
      if (isShared) void navigator.clipboard.writeText(event.detail.text).catch(notAllowed)
    }
    rfb?.addEventListener('clipboard', receive)
    return () => rfb?.removeEventListener('clipboard', receive)
  }, [rfb, isShared])
  const send = (next: string) => {
    last.current = next
    setText(next)
    rfb?.clipboardPasteFrom(next)
  }
  useEffect(() => {
    if (!isShared || !rfb) return
    const offer = () => {
      void navigator.clipboard.readText().then((here) => {
        if (here === last.current) return
        last.current = here
        setText(here)
        rfb.clipboardPasteFrom(here)
      }, notAllowed)
    }
    offer()
    window.addEventListener('focus', offer)
    return () => {
      window.removeEventListener('focus', offer)
    }
  }, [rfb, isShared])
  return { text, setText: send }
}

/** Refused for now, such as while another window has the focus: the next occasion serves as well. */
function notAllowed(): void {}
