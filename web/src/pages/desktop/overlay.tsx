import { t } from '@lingui/core/macro'
import { Button, Loader } from '@mantine/core'
import { IconLock, IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Link as PageLink } from 'react-router'
import type { Desktop } from '../../api/client'
import { Message } from '../../components/message-page'
import type { Link } from './connection'
import classes from './screen.module.css'

type Props = { desktop: Desktop; link: Link; onRetry: () => void }

/** What to say over the screen while it is not connected. */
export function Overlay({ desktop, link, onRetry }: Props) {
  return (
    <div className={classes.overlay} data-shown={link.phase !== 'connected' || undefined} role="status">
      {link.phase === 'connecting' && <Loader color="white" role="img" aria-label={t`Connecting to ${desktop.name}`} />}
      {link.phase === 'lost' && <Lost retryAt={link.retryAt} reason={link.reason} onRetry={onRetry} />}
      {link.phase === 'refused' && link.reason && <LetsNobodyIn reason={link.reason} onRetry={onRetry} />}
      {link.phase === 'refused' && !link.reason && (
        <div className={classes.card}>
          <Message
            icon={<IconLock size={34} />}
            title={t`This desktop may not be shown here`}
            text={t`It belongs to somebody else, or this page was opened by an address that the server does not know.`}
          >
            <Button component={PageLink} to="/">
              {t`To your desktops`}
            </Button>
          </Message>
        </div>
      )}
    </div>
  )
}

function LetsNobodyIn({ reason, onRetry }: { reason: string; onRetry: () => void }) {
  return (
    <div className={classes.card}>
      <Message icon={<IconLock size={34} />} title={t`The desktop lets nobody in`} text={reason}>
        <Button onClick={onRetry}>{t`Try again`}</Button>
        <Button component={PageLink} to="/" variant="default">
          {t`To your desktops`}
        </Button>
      </Message>
    </div>
  )
}

function Lost({ retryAt, reason, onRetry }: { retryAt: number; reason: string | undefined; onRetry: () => void }) {
  return (
    <div className={classes.card}>
      <Message
        icon={<IconPlugConnectedX size={34} />}
        title={reason ? t`The desktop can’t be shown` : t`Connection lost`}
        text={
          <>
            {reason ?? t`Your desktop keeps running.`} <Countdown to={retryAt} />
          </>
        }
      >
        <Button onClick={onRetry}>{t`Try now`}</Button>
        <Button component={PageLink} to="/" variant="default">
          {t`To your desktops`}
        </Button>
      </Message>
    </div>
  )
}

function Countdown({ to }: { to: number }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now())
    }, 250)
    return () => {
      clearInterval(timer)
    }
  }, [])
  const seconds = Math.ceil((to - now) / 1000)
  // Not read out: it would interrupt every second.
  return <span aria-live="off">{seconds > 0 ? t`Trying again in ${seconds} s…` : t`Trying again…`}</span>
}
