import { t } from '@lingui/core/macro'
import { useState } from 'react'
import type { Desktop } from '../../api/client'
import { History } from '../../components/history'
import classes from './launch.module.css'

/** The history of a desktop, fetched when somebody wants to see it. */
export function WhatHappened({ desktop }: { desktop: Desktop }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details
      className={classes.log}
      onToggle={(event) => {
        setIsOpen(event.currentTarget.open)
      }}
    >
      <summary>{t`What happened`}</summary>
      {isOpen && <History desktop={desktop} />}
    </details>
  )
}
