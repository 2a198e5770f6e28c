import type { ReactNode } from 'react'
import type { Desktop } from '../../api/client'
import { Status } from '../../components/status'
import { TemplateIcon } from '../../components/template-icon'
import classes from './launch.module.css'

/** Which desktop it is, and how it is with it. */
export function DesktopHead({ desktop, children }: { desktop: Desktop; children?: ReactNode }) {
  return (
    <div className={classes.head}>
      <span className={classes.icon}>
        <TemplateIcon name={desktop.template.icon} size={32} />
      </span>
      <div>
        <h1>{desktop.name}</h1>
        <Status state={desktop.state} />
      </div>
      {children}
    </div>
  )
}
