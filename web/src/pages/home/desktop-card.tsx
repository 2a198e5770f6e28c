import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop, IconScreenShare, IconTrash } from '@tabler/icons-react'
import { Link, useNavigate } from 'react-router'
import type { Desktop } from '../../api/client'
import { useStart, useStop } from '../../api/queries'
import cards from '../../components/cards.module.css'
import { MoreMenu } from '../../components/more-menu'
import { showDone, showProblem } from '../../components/notices'
import { OwnerMessage } from '../../components/owner-message'
import { RelativeTime } from '../../components/relative-time'
import { isActive, Status } from '../../components/status'
import { StopWarning } from '../../components/stop-warning'
import { TemplateIcon } from '../../components/template-icon'
import classes from './desktop-card.module.css'
import { Thumbnail } from './thumbnail'

type Props = { desktop: Desktop; onDelete: () => void }

export function DesktopCard({ desktop, onDelete }: Props) {
  return (
    <article className={cards.card} aria-label={desktop.name}>
      <Link to={`/desktops/${desktop.id}`} className={classes.picture} tabIndex={-1} aria-hidden="true">
        <span className={classes.emblem}>
          <TemplateIcon name={desktop.template.icon} size={44} />
        </span>
        {desktop.state === 'running' && <Thumbnail id={desktop.id} />}
      </Link>
      <div className={cards.heading}>
        <h2 title={desktop.name}>{desktop.name}</h2>
        <Status state={desktop.state} />
      </div>
      <p className={classes.since}>
        {desktop.template.name} · <RelativeTime at={desktop.state_since} />
      </p>
      <StopWarning desktop={desktop} />
      <OwnerMessage desktop={desktop} />
      {!isActive(desktop) && desktop.reason && <p className={classes.reason}>{desktop.reason}</p>}
      <div className={classes.actions}>
        <MainAction desktop={desktop} />
        <MoreActions desktop={desktop} onDelete={onDelete} />
      </div>
    </article>
  )
}

function MainAction({ desktop }: { desktop: Desktop }) {
  const start = useStart()
  const navigate = useNavigate()
  if (isActive(desktop)) {
    return (
      <Button
        component={Link}
        to={`/desktops/${desktop.id}`}
        leftSection={<IconScreenShare size={18} aria-hidden="true" />}
        aria-label={`Open ${desktop.name}`}
      >
        Open
      </Button>
    )
  }
  return (
    <Button
      variant="light"
      leftSection={<IconPlayerPlay size={18} aria-hidden="true" />}
      aria-label={`Start again: ${desktop.name}`}
      loading={start.isPending}
      onClick={() => {
        start.mutateAsync(desktop.id).then(({ id }) => navigate(`/desktops/${id}`), showProblem)
      }}
    >
      Start again
    </Button>
  )
}

function MoreActions({ desktop, onDelete }: Props) {
  return (
    <div className={classes.more}>
      <StopButton desktop={desktop} />
      <MoreMenu name={desktop.name}>
        <Menu.Item color="red" leftSection={<IconTrash size={17} aria-hidden="true" />} onClick={onDelete}>
          Delete…
        </Menu.Item>
      </MoreMenu>
    </div>
  )
}

function StopButton({ desktop }: { desktop: Desktop }) {
  const stop = useStop()
  const start = useStart()
  if (!isActive(desktop)) return null
  const startAgain = () => {
    start.mutateAsync(desktop.id).catch(showProblem)
  }
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={36}
      aria-label={`Stop ${desktop.name}`}
      title="Stop: frees the machine, keeps your files"
      disabled={desktop.wanted !== 'running'}
      loading={stop.isPending}
      onClick={() => {
        stop.mutateAsync(desktop.id).then(({ name }) => {
          showDone(`${name} is being stopped.`, { label: 'Start again', run: startAgain })
        }, showProblem)
      }}
    >
      <IconPlayerStop size={20} aria-hidden="true" />
    </ActionIcon>
  )
}
