import type { ReactNode } from 'react'
import classes from './doorway.module.css'
import { Logo } from './logo'
import { SchemeToggle } from './scheme-toggle'

/** The frame of the pages before one is signed in. */
export function Doorway({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.doorway}>
      <title>{`${title} · Deskbay`}</title>
      <Waves />
      <header className={classes.header}>
        <Logo />
        <SchemeToggle />
      </header>
      <main className={classes.card}>
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  )
}

function Waves() {
  return (
    <svg className={classes.waves} viewBox="0 0 1440 420" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <circle className={classes.light} cx="1080" cy="176" r="96" />
      <path d="M0 190c180-46 330 34 540 10s320-74 520-36 260 44 380 10v246H0z" />
      <path d="M0 262c160 30 300-36 500-22s330 58 540 24 270-24 400 4v152H0z" />
      <path d="M0 336c200-26 330 26 560 14s340-40 520-16 240 14 360-6v92H0z" />
    </svg>
  )
}
