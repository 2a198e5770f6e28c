import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconCopy, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { openingQuery, useSetOpening, type Opening, type Room } from '../../api/rooms'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { LoadFailure } from '../../components/load-failure'
import { showDone, showProblem } from '../../components/notices'
import { ExceptionDay, Weekday } from './opening-day'
import { complaint, formOf, openingOf, weekdays, type OpeningForm } from './opening-form'
import classes from './room.module.css'

type Props = { room: Room; isOpen: boolean; onClose: () => void }

/** When a room is open: each week, and on days that differ. */
export function OpeningDialog({ room, isOpen, onClose }: Props) {
  const { data, error, refetch } = useQuery({ ...openingQuery(room.id), enabled: isOpen, staleTime: 0 })
  return (
    <Dialog title={t`Opening hours of ${room.name}`} isOpen={isOpen} onClose={onClose} size="lg">
      {data && <Editor room={room} opening={data} onClose={onClose} />}
      {!data && error && (
        <LoadFailure title={t`The opening hours could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={420} aria-hidden="true" />}
    </Dialog>
  )
}

type EditorProps = { room: Room; opening: Opening; onClose: () => void }

function Editor({ room, opening, onClose }: EditorProps) {
  const [form, setForm] = useState<OpeningForm>(() => formOf(opening))
  const set = useSetOpening(room.id)
  const wrong = complaint(form)
  const submit = () => {
    const undo = () => {
      set.mutateAsync(opening).catch(showProblem)
    }
    set.mutateAsync(openingOf(form)).then(() => {
      onClose()
      showDone(t`The opening hours are saved.`, { label: t`Undo`, run: undo })
    }, showProblem)
  }
  return (
    <DialogForm action={t`Save`} isBusy={set.isPending} isDisabled={wrong !== null} onSubmit={submit} onClose={onClose}>
      <p>{t`By the clock of ${room.zone}. Reports count hours of use against them.`}</p>
      <Week form={form} onChange={setForm} />
      <Exceptions form={form} onChange={setForm} />
      <p role="alert" className={classes.wrong}>
        {wrong}
      </p>
    </DialogForm>
  )
}

type PartProps = { form: OpeningForm; onChange: (form: OpeningForm) => void }

function Week({ form, onChange }: PartProps) {
  const monday = form.week[0] ?? []
  return (
    <fieldset className={classes.days}>
      <legend>{t`Each week`}</legend>
      {weekdays().map((name, at) => (
        <Weekday
          key={name}
          name={name}
          spans={form.week[at] ?? []}
          onChange={(spans) => {
            onChange({ ...form, week: form.week.with(at, spans) })
          }}
        />
      ))}
      <div>
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconCopy size={15} aria-hidden="true" />}
          onClick={() => {
            onChange({ ...form, week: form.week.map((spans, at) => (at < 5 ? monday : spans)) })
          }}
        >
          {t`Monday’s hours for Tuesday to Friday too`}
        </Button>
      </div>
    </fieldset>
  )
}

function Exceptions({ form, onChange }: PartProps) {
  const change = (exceptions: OpeningForm['exceptions']) => {
    onChange({ ...form, exceptions })
  }
  return (
    <fieldset className={classes.days}>
      <legend>{t`Days that differ`}</legend>
      {form.exceptions.map((exception, at) => (
        <ExceptionDay
          key={at}
          exception={exception}
          number={at + 1}
          onChange={(changed) => {
            change(form.exceptions.with(at, changed))
          }}
          onRemove={() => {
            change(form.exceptions.toSpliced(at, 1))
          }}
        />
      ))}
      <div>
        <Button
          variant="light"
          size="xs"
          leftSection={<IconPlus size={15} aria-hidden="true" />}
          onClick={() => {
            change([...form.exceptions, { day: '', spans: [] }])
          }}
        >
          {t`Add a holiday or other hours`}
        </Button>
      </div>
    </fieldset>
  )
}

