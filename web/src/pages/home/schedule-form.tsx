import { t } from '@lingui/core/macro'
import { Button, Chip, Skeleton, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Desktop } from '../../api/client'
import { messageOf } from '../../api/problem'
import { scheduleQuery, useDropSchedule, useSetSchedule, type Schedule, type ScheduleWish } from '../../api/schedules'
import { DialogForm } from '../../components/dialog-form'
import { LoadFailure } from '../../components/load-failure'
import { showDone, showProblem } from '../../components/notices'
import { inOwnLanguage } from '../../components/own-language'
import { exact } from '../../components/time'
import { ownZone, ZoneSelect } from '../../components/zone-select'
import classes from './schedule-form.module.css'

const week = inOwnLanguage(() => ([
  ['mon', t`Mon`], ['tue', t`Tue`], ['wed', t`Wed`], ['thu', t`Thu`], ['fri', t`Fri`], ['sat', t`Sat`], ['sun', t`Sun`],
] as const))
const workingDays: ScheduleWish = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri'], starts_at: '08:00', stops_at: '18:00', zone: ownZone,
}

type Props = { desktop: Desktop; onClose: () => void }

/** Says when a desktop starts and stops by itself. */
export function ScheduleForm(props: Props) {
  const { data, error, refetch } = useQuery(scheduleQuery(props.desktop.id))
  if (error) return <LoadFailure title={t`The schedule could not be loaded`} error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton height={280} radius={12} aria-hidden="true" />
  return <Form {...props} schedule={data} />
}

function Form({ desktop: { id, name }, schedule, onClose }: Props & { schedule: Schedule | null }) {
  const [wish, setWish] = useState<ScheduleWish>(schedule ? wishOf(schedule) : workingDays)
  const save = useSetSchedule(id)
  const submit = () => {
    save.mutateAsync(wish).then(
      () => {
        onClose()
        showDone(t`${name} follows its schedule from now on.`)
      },
      () => undefined,
    )
  }
  const isPossible = wish.days.length > 0 && Boolean(wish.starts_at ?? wish.stops_at)
  return (
    <DialogForm action={t`Save`} isBusy={save.isPending} isDisabled={!isPossible} onSubmit={submit} onClose={onClose}>
      <fieldset className={classes.days}>
        <legend>{t`On`}</legend>
        <Chip.Group
          multiple
          value={wish.days}
          onChange={(days) => {
            setWish({ ...wish, days })
          }}
        >
          {week().map(([day, label]) => (
            <Chip key={day} value={day} size="sm">
              {label}
            </Chip>
          ))}
        </Chip.Group>
      </fieldset>
      <div className={classes.times}>
        <Time label={t`Start at`} value={wish.starts_at} onChange={(starts_at) => { setWish({ ...wish, starts_at }) }} />
        <Time label={t`Stop at`} value={wish.stops_at} onChange={(stops_at) => { setWish({ ...wish, stops_at }) }} />
      </div>
      <ZoneSelect
        label={t`Time zone`}
        zone={wish.zone}
        onChange={(zone) => {
          setWish({ ...wish, zone })
        }}
      />
      <p>{t`Left empty, a time says nothing. You are warned five minutes before a stop, and may keep the desktop.`}</p>
      {schedule && <Next schedule={schedule} />}
      {schedule && <Drop id={id} name={name} onClose={onClose} />}
      {save.error && <p role="alert">{messageOf(save.error)}</p>}
    </DialogForm>
  )
}

function wishOf({ days, starts_at, stops_at, zone }: Schedule): ScheduleWish {
  return { days, starts_at, stops_at, zone }
}

type TimeProps = { label: string; value: string | null | undefined; onChange: (value: string | null) => void }

function Time({ label, value, onChange }: TimeProps) {
  return (
    <TextInput
      type="time"
      label={label}
      value={value ?? ''}
      onChange={(event) => {
        onChange(event.currentTarget.value || null)
      }}
    />
  )
}

function Next({ schedule: { next_start_at, next_stop_at } }: { schedule: Schedule }) {
  return (
    <p>
      {next_start_at && <>{t`Next start: ${exact(next_start_at)}. `}</>}
      {next_stop_at && <>{t`Next stop: ${exact(next_stop_at)}.`}</>}
    </p>
  )
}

function Drop({ id, name, onClose }: { id: number; name: string; onClose: () => void }) {
  const drop = useDropSchedule(id)
  return (
    <Button
      variant="subtle"
      color="red"
      className={classes.drop ?? ''}
      loading={drop.isPending}
      onClick={() => {
        drop.mutateAsync(undefined).then(() => {
          onClose()
          showDone(t`${name} has no schedule any more.`)
        }, showProblem)
      }}
    >
      {t`Take the schedule away`}
    </Button>
  )
}
