import { useLayoutEffect, useRef, type ReactNode, type RefObject } from 'react'
import classes from './empty.module.css'

/** Teaches in a sentence what would be here, with the one button that brings it. */
export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  const element = useRef<HTMLDivElement>(null)
  useFocusLeft(element)
  return (
    <div ref={element} className={classes.empty}>
      <p>{text}</p>
      {children}
    </div>
  )
}

/** Leaves the focus to the page when what has it goes away, as its button has brought the first of what is listed. */
function useFocusLeft(element: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const own = element.current
    return () => {
      if (own?.contains(document.activeElement)) own.closest('main')?.focus({ preventScroll: true })
    }
  }, [element])
}
