import { t } from '@lingui/core/macro'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Template } from '../api/client'
import cards from './cards.module.css'
import { inOwnLanguage } from './own-language'
import { RecordedNotice } from './recorded'
import { cpuWords, memoryWords } from './size-words'
import classes from './template-face.module.css'
import { TemplateIcon } from './template-icon'

type Shown = Pick<
  Template,
  'name' | 'icon' | 'description' | 'cpus' | 'memory_mb' | 'network' | 'unavailable_reason' | 'is_recorded'
>
type Props = { template: Shown; mark?: ReactNode; children?: ReactNode }

const networks = inOwnLanguage((): Record<Template['network'], string> => ({
  none: t`no network`,
  internet: t`internet`,
  host: t`network of the server`,
}))

/** What the gallery tells of a template; the children are what can be done with it. */
export function TemplateFace({ template, mark, children }: Props) {
  return (
    <article className={cards.card} data-unavailable={Boolean(template.unavailable_reason) || undefined}>
      <div className={classes.head}>
        <span className={classes.icon}>
          <TemplateIcon name={template.icon} size={26} />
        </span>
        <div>
          <h3>{template.name}</h3>
          <p className={classes.size}>{sizeOf(template)}</p>
        </div>
        {mark}
      </div>
      <p className={classes.description}>{template.description}</p>
      {template.is_recorded && <RecordedNotice />}
      {children}
      {template.unavailable_reason && (
        <p className={classes.unavailable}>
          <IconAlertTriangle size={17} aria-hidden="true" />
          <span>{t`Not available: ${template.unavailable_reason}`}</span>
        </p>
      )}
    </article>
  )
}

/** "2 processors · 2 GB · internet" */
export function sizeOf({ cpus, memory_mb, network }: Pick<Shown, 'cpus' | 'memory_mb' | 'network'>): string {
  return `${cpuWords(cpus)} · ${memoryWords(memory_mb)} · ${networks()[network]}`
}
