import { t } from '@lingui/core/macro'
import { useState, type ReactNode } from 'react'
import classes from './twin.module.css'

/** The table that says the same as a chart, made when it is opened. */
export function Twin({ children }: { children: () => ReactNode }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details
      className={classes.twin}
      onToggle={(event) => {
        setIsOpen(event.currentTarget.open)
      }}
    >
      <summary>{t`Show as a table`}</summary>
      {isOpen && children()}
    </details>
  )
}
