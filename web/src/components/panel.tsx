import type { ReactNode } from 'react'
import classes from './panel.module.css'

/** A part of a page that stands out from the others. */
export function Panel({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className={classes.panel}>
      {title && <h2>{title}</h2>}
      {children}
    </section>
  )
}
