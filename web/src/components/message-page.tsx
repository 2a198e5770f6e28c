import type { ReactNode } from 'react'
import classes from './message-page.module.css'

type Props = { icon: ReactNode; title: string; text?: ReactNode; tone?: 'bad'; children?: ReactNode }

/** One thing to say, in the middle of the page, and what to do about it. */
export function Message({ icon, title, text, tone, children }: Props) {
  return (
    <section className={classes.message}>
      <span className={classes.icon} data-tone={tone} aria-hidden="true">
        {icon}
      </span>
      <h1>{title}</h1>
      {text && <p>{text}</p>}
      <div className={classes.actions}>{children}</div>
    </section>
  )
}
