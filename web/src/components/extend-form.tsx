import { t } from '@lingui/core/macro'
import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { Desktop } from '../api/client'
import { useExtend } from '../api/keep'
import { messageOf } from '../api/problem'
import { DialogForm } from './dialog-form'
import { showDone } from './notices'
import { exact } from './time'
import { laterEnds } from './later-ends'

/** Moves the end of a desktop, at most as far as its template allows. */
export function ExtendForm({ desktop, onClose }: { desktop: Desktop; onClose: () => void }) {
  const { id, name, ends_at, latest_end } = desktop
  const ends = laterEnds(ends_at, latest_end)
  const [until, setUntil] = useState(ends[0]?.until ?? '')
  const extend = useExtend()
  const submit = () => {
    extend.mutateAsync({ id, until }).then(
      () => {
        onClose()
        showDone(t`${name} runs until ${exact(until)}.`)
      },
      () => undefined,
    )
  }
  return (
    <DialogForm action={t`Extend`} isBusy={extend.isPending} isDisabled={!until} onSubmit={submit} onClose={onClose}>
      {ends_at && <p>{t`It is stopped at ${exact(ends_at)}; you are warned before.`}</p>}
      <NativeSelect
        label={t`Let it run for`}
        data-autofocus
        value={until}
        data={ends.map((end) => ({ value: end.until, label: end.label }))}
        error={extend.error && messageOf(extend.error)}
        onChange={(event) => {
          setUntil(event.currentTarget.value)
        }}
      />
    </DialogForm>
  )
}
