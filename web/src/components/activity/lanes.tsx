import type { ReactNode } from 'react'
import classes from './lanes.module.css'

type LaneProps = { name: string; height: number; children: ReactNode }

/** What is drawn in one line of a time line, beside its name. The height is in pixels. */
export function Lane({ name, height, children }: LaneProps) {
  return (
    <div className={classes.lane}>
      <span className={classes.name} aria-hidden="true">
        {name}
      </span>
      <div className={classes.track} style={{ blockSize: `${height}px` }}>
        {children}
      </div>
    </div>
  )
}

/** The times below the lanes, each as far from the start as it is left, in percent. */
export function Axis({ ticks }: { ticks: { left: number; label: string }[] }) {
  return (
    <div className={classes.axis} aria-hidden="true">
      {ticks.map(({ left, label }) => (
        <span key={left} style={{ insetInlineStart: `${left}%` }}>
          {label}
        </span>
      ))}
    </div>
  )
}
