import type { ReactNode } from 'react'
import classes from './page-head.module.css'

/** The title of a page, with what can be searched and done on it beside. */
export function PageHead({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className={classes.head}>
      <h1>{title}</h1>
      <div className={classes.tools}>{children}</div>
    </div>
  )
}
