import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Menu } from '@mantine/core'
import {
  IconAlertTriangle, IconArrowsMaximize, IconCircleCheck, IconLoader2, IconPlug, IconStack2, IconTrash, IconUsers,
} from '@tabler/icons-react'
import { Link } from 'react-router'
import { may } from '../../api/rights'
import { useRetryVolume, type Volume } from '../../api/volumes'
import cards from '../../components/cards.module.css'
import { Meter } from '../../components/meter'
import { MoreMenu } from '../../components/more-menu'
import { showProblem } from '../../components/notices'
import { inOwnLanguage } from '../../components/own-language'
import { RelativeTime } from '../../components/relative-time'
import { useUser } from '../../components/signed-in'
import { memoryWords } from '../../components/size-words'
import { Pill, type Look } from '../../components/status'
import status from '../../components/status.module.css'
import { DetachButton } from './detach-button'
import classes from './volumes.module.css'

export type About = 'grow' | 'share' | 'give' | 'attach' | 'delete'
type Props = { volume: Volume; onAsk: (about: About) => void }

/** A volume: how full it is, who has it, and what can be done with it. */
export function VolumeCard({ volume, onAsk }: Props) {
  const { name, size_mb, used_mb, measured_at, reason, state } = volume
  return (
    <article className={cards.card} aria-label={name}>
      <div className={cards.heading}>
        <h2 title={name}>{name}</h2>
        <Pill {...looks()[state]} />
      </div>
      <Origin volume={volume} />
      <div title={volume.is_size_enforced ? undefined : t`Its size is a promise: the disk is shared with others.`}>
        {used_mb === null ? (
          <p className={classes.soft}>{t`${memoryWords(size_mb)}; how much is used is not known`}</p>
        ) : (
          <Meter label={t`Used`} used={used_mb} of={size_mb} words={memoryWords} />
        )}
        {measured_at && used_mb !== null && (
          <p className={classes.soft}>
            {volume.is_size_enforced ? (
              <Trans>Measured <RelativeTime at={measured_at} /></Trans>
            ) : (
              <Trans>Measured <RelativeTime at={measured_at} />. The size is not a limit: more can be written.</Trans>
            )}
          </p>
        )}
      </div>
      {reason && <p className={classes.reason}>{reason}</p>}
      <Uses volume={volume} />
      <Actions volume={volume} onAsk={onAsk} />
    </article>
  )
}

const looks = inOwnLanguage((): Record<Volume['state'], Look> => ({
  pending: { word: t`Being made`, Icon: IconLoader2, tone: status.busy },
  ready: { word: t`Ready`, Icon: IconCircleCheck, tone: status.good },
  failed: { word: t`Failed`, Icon: IconAlertTriangle, tone: status.bad },
  deleting: { word: t`Being deleted`, Icon: IconLoader2, tone: status.busy },
}))

function Origin({ volume }: { volume: Volume }) {
  const isOwn = volume.owner.id === useUser().id
  const may = volume.access === 'read' ? t`to read` : t`to read and write`
  const sharing = volume.is_shared ? t`Yours, shared with others` : t`Yours`
  const whose = isOwn ? sharing : t`${volume.owner.username}’s, ${may}`
  return <p className={classes.soft}>{t`${whose} · on ${volume.runtime}`}</p>
}

function Uses({ volume }: { volume: Volume }) {
  const user = useUser()
  if (volume.desktops.length === 0) return <p className={classes.soft}>{t`No desktop has it.`}</p>
  return (
    <ul className={classes.uses} aria-label={t`Desktops that have it`}>
      {volume.desktops.map((use) => (
        <li key={use.id}>
          <span>
            {use.owner.id === user.id ? <Link to={`/desktops/${use.id}`}>{use.name}</Link> : t`${use.name}, ${use.owner.username}’s`}
            {use.is_read_only && <span className={classes.soft}>{t` to read`}</span>}
          </span>
          <DetachButton volume={volume} use={use} />
        </li>
      ))}
    </ul>
  )
}

function Actions({ volume, onAsk }: Props) {
  const retry = useRetryVolume()
  const { id, name, state, may_manage } = volume
  return (
    <div className={classes.actions}>
      {state === 'failed' && may_manage ? (
        <Button
          variant="light"
          loading={retry.isPending}
          aria-label={t`Try again: ${name}`}
          onClick={() => {
            retry.mutate(id, { onError: showProblem })
          }}
        >
          {t`Try again`}
        </Button>
      ) : (
        <Button
          variant="light"
          leftSection={<IconPlug size={18} aria-hidden="true" />}
          disabled={state !== 'ready'}
          aria-label={t`Attach ${name}`}
          onClick={() => {
            onAsk('attach')
          }}
        >
          {t`Attach…`}
        </Button>
      )}
      {may_manage && state !== 'deleting' && <ManageMenu name={name} onAsk={onAsk} />}
    </div>
  )
}

const choices = inOwnLanguage(() => ([
  { about: 'share', words: t`Share…`, Icon: IconUsers, color: undefined },
  { about: 'give', words: t`Give to templates…`, Icon: IconStack2, color: undefined },
  { about: 'grow', words: t`Grow or rename…`, Icon: IconArrowsMaximize, color: undefined },
  { about: 'delete', words: t`Delete…`, Icon: IconTrash, color: 'red' },
] as const))

function ManageMenu({ name, onAsk }: { name: string; onAsk: (about: About) => void }) {
  const user = useUser()
  const mayGive = may(user, 'volumes:write', 'all') && may(user, 'templates:read', 'all')
  const offered = choices().filter(({ about }) => about !== 'give' || mayGive)
  return (
    <MoreMenu name={name}>
      {offered.map(({ about, words, Icon, color }) => (
        <Menu.Item
          key={about}
          {...(color && { color })}
          leftSection={<Icon size={17} aria-hidden="true" />}
          onClick={() => {
            onAsk(about)
          }}
        >
          {words}
        </Menu.Item>
      ))}
    </MoreMenu>
  )
}
