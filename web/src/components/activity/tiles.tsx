import type { ReactNode } from 'react'
import classes from './tiles.module.css'

/** The most important numbers, in large letters. */
export function Tiles({ children }: { children: ReactNode }) {
  return <dl className={classes.tiles}>{children}</dl>
}

type TileProps = { name: string; value: ReactNode; note: ReactNode }

export function Tile({ name, value, note }: TileProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        <small>{note}</small>
      </dd>
    </div>
  )
}
