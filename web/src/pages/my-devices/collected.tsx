import { plural, t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconDownload, IconEye, IconEyeOff, IconPlayerPause, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { serverNow } from '../../api/clock'
import { fetchCollected, trackingQuery, useChooseTracking, type Tracking, type TrackingChoice } from '../../api/tracking'
import { saveFile } from '../../components/activity/save-file'
import { LoadFailure } from '../../components/load-failure'
import { showProblem } from '../../components/notices'
import { Pill, type Look } from '../../components/status'
import tones from '../../components/status.module.css'
import { exact } from '../../components/time'
import { explain } from '../../components/collected-words'
import { EraseDialog } from './erase-dialog'
import { Excluded } from './excluded'
import { HowLong } from './how-long'
import classes from './my-devices.module.css'

/** What is collected about the person who looks, and all that they can say to it. */
export function Collected() {
  const { data, error, isPending, refetch } = useQuery(trackingQuery)
  return (
    <section className={classes.collected} id="collected" aria-labelledby="collected-title">
      <h2 id="collected-title">{t`What is collected about me`}</h2>
      {isPending && <Skeleton height={260} radius={16} aria-hidden="true" />}
      {error && !data && <LoadFailure title={t`This could not be loaded`} error={error} onRetry={() => void refetch()} />}
      {data && <Panel tracking={data} />}
    </section>
  )
}

function Panel({ tracking }: { tracking: Tracking }) {
  const choose = useChooseTracking()
  const change = (part: Partial<TrackingChoice>) => {
    choose.mutateAsync({ ...choiceOf(tracking), ...part }).catch(showProblem)
  }
  return (
    <div className={classes.panel}>
      <div className={classes.state}>
        <Pill {...lookOf(tracking)} />
        {tracking.paused_until && <span>{t`until ${exact(tracking.paused_until)}`}</span>}
      </div>
      <p>{explain(tracking)}</p>
      {tracking.policy !== 'off' && (
        <>
          <Switches tracking={tracking} isBusy={choose.isPending} onChange={change} />
          <Excluded applications={tracking.excluded_applications} onChange={(excluded_applications) => { change({ excluded_applications }) }} />
        </>
      )}
      <HowLong keptFor={tracking.kept_for} />
      <Kept />
    </div>
  )
}

function choiceOf({ consent, excluded_applications, paused_until }: Tracking): TrackingChoice {
  return { consent, excluded_applications, paused_until }
}

function lookOf({ is_tracked, paused_until }: Tracking): Look {
  if (is_tracked) return { word: t`Collecting`, Icon: IconEye, tone: tones.good }
  if (paused_until) return { word: t`Paused`, Icon: IconPlayerPause, tone: tones.busy }
  return { word: t`Nothing is collected`, Icon: IconEyeOff, tone: tones.quiet }
}

const hour = 3_600_000

type SwitchesProps = { tracking: Tracking; isBusy: boolean; onChange: (part: Partial<TrackingChoice>) => void }

function Switches({ tracking: { policy, consent, is_tracked, paused_until }, isBusy, onChange }: SwitchesProps) {
  const pause = (hours: number) => {
    onChange({ paused_until: new Date(serverNow() + hours * hour).toISOString() })
  }
  return (
    <div className={classes.actions}>
      {policy === 'consent' && (
        <Button
          variant={consent ? 'default' : 'filled'}
          disabled={isBusy}
          onClick={() => {
            onChange({ consent: !consent })
          }}
        >
          {consent ? t`Take my consent back` : t`I consent`}
        </Button>
      )}
      {is_tracked &&
        [1, 8].map((hours) => (
          <Button
            key={hours}
            variant="default"
            disabled={isBusy}
            onClick={() => {
              pause(hours)
            }}
          >
            {plural(hours, { one: 'Pause for an hour', other: 'Pause for # hours' })}
          </Button>
        ))}
      {paused_until && (
        <Button
          variant="light"
          disabled={isBusy}
          onClick={() => {
            onChange({ paused_until: null })
          }}
        >
          {t`Go on now`}
        </Button>
      )}
    </div>
  )
}

/** What is kept already: to take away, or to have erased. */
function Kept() {
  const [isErasing, setIsErasing] = useState(false)
  const download = () => {
    fetchCollected().then(saveFile, showProblem)
  }
  return (
    <div className={classes.actions}>
      <Button variant="default" leftSection={<IconDownload size={18} aria-hidden="true" />} onClick={download}>
        {t`Download everything`}
      </Button>
      <Button
        variant="subtle"
        color="red"
        leftSection={<IconTrash size={18} aria-hidden="true" />}
        onClick={() => {
          setIsErasing(true)
        }}
      >
        {t`Erase…`}
      </Button>
      {isErasing && (
        <EraseDialog
          onClose={() => {
            setIsErasing(false)
          }}
        />
      )}
    </div>
  )
}
