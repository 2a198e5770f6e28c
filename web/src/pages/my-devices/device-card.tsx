import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconDeviceLaptop, IconLock, IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react'
import { useState } from 'react'
import { useRevokeDevice, type OwnDevice } from '../../api/own-devices'
import cards from '../../components/cards.module.css'
import { inOwnLanguage } from '../../components/own-language'
import { RelativeTime } from '../../components/relative-time'
import { RevokeDialog } from '../../components/revoke-dialog'
import { Pill, type Look } from '../../components/status'
import tones from '../../components/status.module.css'
import classes from './my-devices.module.css'
import { RenameDialog } from './rename-dialog'

/** A device of one's own: what it is, whether it is there, and what can be done about it. */
export function DeviceCard({ device }: { device: OwnDevice }) {
  const [asking, setAsking] = useState<'name' | 'revoke' | null>(null)
  const revoke = useRevokeDevice()
  const close = () => {
    setAsking(null)
  }
  return (
    <article className={cards.card} aria-label={device.name}>
      <div className={`${cards.heading} ${classes.heading}`}>
        <IconDeviceLaptop size={22} stroke={1.6} aria-hidden="true" />
        <h2 title={device.name}>{device.name}</h2>
        <Pill {...lookOf(device)} />
      </div>
      <p className={classes.soft}>{describe(device)}</p>
      <p className={classes.soft}>
        <Seen device={device} />
      </p>
      <div className={classes.actions}>
        <Button
          variant="default"
          size="xs"
          aria-label={t`Rename ${device.name}`}
          onClick={() => {
            setAsking('name')
          }}
        >
          {t`Rename…`}
        </Button>
        {device.has_token && (
          <Button
            variant="subtle"
            color="red"
            size="xs"
            aria-label={t`Revoke ${device.name}`}
            onClick={() => {
              setAsking('revoke')
            }}
          >
            {t`Revoke…`}
          </Button>
        )}
      </div>
      {asking === 'name' && <RenameDialog device={device} onClose={close} />}
      {asking === 'revoke' && (
        <RevokeDialog
          name={device.name}
          onRevoke={() => revoke.mutateAsync(device.id)}
          isPending={revoke.isPending}
          onClose={close}
        >
          {t`Its agent stops within 5 seconds: nothing is reported from there any more, and no session is restored. What it reported stays. Pair the computer again to undo this.`}
        </RevokeDialog>
      )}
    </article>
  )
}

function lookOf({ connected, has_token }: OwnDevice): Look {
  if (!has_token) return { word: t`Revoked`, Icon: IconLock, tone: tones.bad }
  if (connected) return { word: t`Connected`, Icon: IconPlugConnected, tone: tones.good }
  return { word: t`Not connected`, Icon: IconPlugConnectedX, tone: tones.quiet }
}

const systems = inOwnLanguage(() => ({ linux: 'Linux', windows: 'Windows', macos: 'macOS' }))

function describe({ template, system, system_release, architecture }: OwnDevice): string {
  if (template !== null) return t`Desktop of Deskbay, made from “${template}”`
  const known = [system && systems()[system], system_release, architecture].filter(Boolean)
  return known.length > 0 ? known.join(' ') : t`A computer`
}

function Seen({ device: { connected, last_seen_at, revoked_at } }: { device: OwnDevice }) {
  if (revoked_at) {
    return (
      <>
        <Trans>Access taken away <RelativeTime at={revoked_at} /></Trans>
      </>
    )
  }
  if (!last_seen_at) return t`Never seen yet`
  return (
    <>
      {connected ? t`Came` : t`Last seen`} <RelativeTime at={last_seen_at} />
    </>
  )
}
