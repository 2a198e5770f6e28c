import { t } from '@lingui/core/macro'
import { ActionIcon, Button, Menu } from '@mantine/core'
import {
  IconCalendarClock, IconClockPlus, IconHistory, IconPencil, IconPlayerPlay, IconPlayerStop, IconScreenShare, IconTrash,
} from '@tabler/icons-react'
import { Link, useNavigate } from 'react-router'
import type { Desktop } from '../../api/client'
import { useStart, useStop } from '../../api/queries'
import cards from '../../components/cards.module.css'
import { isExtendable } from '../../components/later-ends'
import { MoreMenu } from '../../components/more-menu'
import { showDone, showProblem } from '../../components/notices'
import { OwnerMessage } from '../../components/owner-message'
import { RelativeTime } from '../../components/relative-time'
import { isActive, Status } from '../../components/status'
import { StopWarning } from '../../components/stop-warning'
import { TemplateIcon } from '../../components/template-icon'
import { volumeWords } from '../../components/volume-words'
import { exact, left } from '../../components/time'
import { useNow } from '../../components/use-now'
import type { Asked } from './card-dialog'
import classes from './desktop-card.module.css'
import { Thumbnail } from './thumbnail'

type Props = { desktop: Desktop; onAsk: (what: Asked['what']) => void }

export function DesktopCard({ desktop, onAsk }: Props) {
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
        {isActive(desktop) && desktop.ends_at && <Ending at={desktop.ends_at} />}
        {!isActive(desktop) && desktop.scheduled_start_at && <>{t` · starts at ${exact(desktop.scheduled_start_at)}`}</>}
      </p>
      {desktop.volumes.length > 0 && <p className={classes.since}>{volumeWords(desktop)}</p>}
      <StopWarning desktop={desktop} />
      <OwnerMessage desktop={desktop} />
      {!isActive(desktop) && desktop.reason && <p className={classes.reason}>{desktop.reason}</p>}
      <div className={classes.actions}>
        <MainAction desktop={desktop} />
        <MoreActions desktop={desktop} onAsk={onAsk} />
      </div>
    </article>
  )
}

function Ending({ at }: { at: string }) {
  const now = useNow(30_000)
  return (
    <>
      {' · '}
      <time dateTime={at} title={exact(at)}>
        {left(at, now)}
      </time>
    </>
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
        aria-label={t`Open ${desktop.name}`}
      >
        {t({ message: 'Open', context: 'to go in' })}
      </Button>
    )
  }
  return (
    <Button
      variant="light"
      leftSection={<IconPlayerPlay size={18} aria-hidden="true" />}
      aria-label={t`Start again: ${desktop.name}`}
      loading={start.isPending}
      onClick={() => {
        start.mutateAsync(desktop.id).then(({ id }) => navigate(`/desktops/${id}`), showProblem)
      }}
    >
      {t`Start again`}
    </Button>
  )
}

function MoreActions({ desktop, onAsk }: Props) {
  const ask = (what: Asked['what']) => () => {
    onAsk(what)
  }
  return (
    <div className={classes.more}>
      <StopButton desktop={desktop} />
      <MoreMenu name={desktop.name}>
        {isExtendable(desktop) && (
          <Menu.Item leftSection={<IconClockPlus size={17} aria-hidden="true" />} onClick={ask('extend')}>
            {t`Extend…`}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconCalendarClock size={17} aria-hidden="true" />} onClick={ask('schedule')}>
          {t`Schedule…`}
        </Menu.Item>
        <Menu.Item leftSection={<IconPencil size={17} aria-hidden="true" />} onClick={ask('rename')}>
          {t`Rename…`}
        </Menu.Item>
        <Menu.Item leftSection={<IconHistory size={17} aria-hidden="true" />} onClick={ask('history')}>
          {t`What happened`}
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconTrash size={17} aria-hidden="true" />} onClick={ask('delete')}>
          {t`Delete…`}
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
      aria-label={t`Stop ${desktop.name}`}
      title={t`Stop: frees the machine, keeps your files`}
      disabled={desktop.wanted !== 'running'}
      loading={stop.isPending}
      onClick={() => {
        stop.mutateAsync(desktop.id).then(({ name }) => {
          showDone(t`${name} is being stopped.`, { label: t`Start again`, run: startAgain })
        }, showProblem)
      }}
    >
      <IconPlayerStop size={20} aria-hidden="true" />
    </ActionIcon>
  )
}
