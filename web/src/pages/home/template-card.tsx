import { Button } from '@mantine/core'
import { IconAlertTriangle, IconRocket } from '@tabler/icons-react'
import { useNavigate } from 'react-router'
import type { Template } from '../../api/client'
import { useLaunch } from '../../api/queries'
import cards from '../../components/cards.module.css'
import { showProblem } from '../../components/notices'
import { TemplateIcon } from '../../components/template-icon'
import classes from './template-card.module.css'

const networks: Record<Template['network'], string> = {
  none: 'no network',
  internet: 'internet',
  host: 'network of the server',
}

export function TemplateCard({ template }: { template: Template }) {
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
      </div>
      <p className={classes.description}>{template.description}</p>
      {!template.unavailable_reason && <LaunchButton template={template} />}
      {template.unavailable_reason && (
        <p className={classes.unavailable}>
          <IconAlertTriangle size={17} aria-hidden="true" />
          <span>Not available: {template.unavailable_reason}</span>
        </p>
      )}
    </article>
  )
}

function LaunchButton({ template }: { template: Template }) {
  const launch = useLaunch()
  const navigate = useNavigate()
  return (
    <Button
      className={classes.launch}
      leftSection={<IconRocket size={18} aria-hidden="true" />}
      aria-label={`Launch ${template.name}`}
      loading={launch.isPending}
      onClick={() => {
        launch.mutate(template.slug, {
          onError: showProblem,
          onSuccess: ({ id }) => void navigate(`/desktops/${id}`),
        })
      }}
    >
      Launch
    </Button>
  )
}

/** "2 processors · 2 GB · internet" */
export function sizeOf({ cpus, memory_mb, network }: Template): string {
  const memory = memory_mb < 1024 ? `${memory_mb} MB` : `${Number((memory_mb / 1024).toFixed(1))} GB`
  return `${cpus} ${cpus === 1 ? 'processor' : 'processors'} · ${memory} · ${networks[network]}`
}
