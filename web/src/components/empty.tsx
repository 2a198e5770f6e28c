import type { ReactNode } from 'react'
import classes from './empty.module.css'

/** Teaches in a sentence what would be here, with the one button that brings it. */
export function Empty({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <p>{text}</p>
      {children}
    </div>
  )
}
