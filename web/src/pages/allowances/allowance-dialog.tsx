import { t } from '@lingui/core/macro'
import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSaveAllowance, type Allowance, type AllowanceWish } from '../../api/allowances'
import { messageOf } from '../../api/problem'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { showDone } from '../../components/notices'
import classes from './allowances.module.css'
import { Whose } from './whose'
import { nameOf } from './words'

type Props = { allowance: Allowance | null; onClose: () => void }

const nothing: AllowanceWish = {
  user_id: null, group_id: null, is_shared: false, desktops: null, memory_mb: null, cpus: null, hours: null, period: null,
}

/** Makes a rule for somebody, or changes what one gives. */
export function AllowanceDialog({ allowance, onClose }: Props) {
  const [wish, setWish] = useState<AllowanceWish>(allowance ? wishOf(allowance) : nothing)
  const save = useSaveAllowance()
  const change = (part: Partial<AllowanceWish>) => {
    setWish((before) => ({ ...before, ...part }))
  }
  const submit = () => {
    save.mutateAsync({ id: allowance?.id ?? null, wish }).then(
      (saved) => {
        onClose()
        showDone(t`The allowance for ${nameOf(saved)} holds from now on.`)
      },
      () => undefined,
    )
  }
  const isForSomebody = wish.user_id !== null || wish.group_id !== null
  return (
    <Dialog title={allowance ? t`Allowance for ${nameOf(allowance)}` : t`Add an allowance`} isOpen onClose={onClose}>
      <DialogForm action={t`Save`} isBusy={save.isPending} isDisabled={!isForSomebody} onSubmit={submit} onClose={onClose}>
        {!allowance && <Whose wish={wish} onChange={change} />}
        <div className={classes.pair}>
          <Amount label={t`Desktops at once`} step={1} value={wish.desktops} onChange={(desktops) => { change({ desktops }) }} />
          <Amount label={t`Memory at once, MB`} step={1} value={wish.memory_mb} onChange={(memory_mb) => { change({ memory_mb }) }} />
          <Amount label={t`Processors at once`} step="any" value={wish.cpus} onChange={(cpus) => { change({ cpus }) }} />
        </div>
        <div className={classes.pair}>
          <Amount
            label={t`Hours`}
            step="any"
            value={wish.hours}
            onChange={(hours) => {
              change({ hours, period: hours === null ? null : (wish.period ?? 'week') })
            }}
          />
          <NativeSelect
            label={t`in each`}
            disabled={wish.hours === null}
            value={wish.period ?? 'week'}
            data={[{ value: 'week', label: t`week` }, { value: 'month', label: t`month` }]}
            onChange={(event) => {
              change({ period: event.currentTarget.value as 'week' | 'month' })
            }}
          />
        </div>
        <p>{t`Left empty, it says nothing about that. Two desktops that run beside each other use two hours in an hour.`}</p>
        {save.error && <p role="alert">{messageOf(save.error)}</p>}
      </DialogForm>
    </Dialog>
  )
}

function wishOf({ user, group, is_shared, desktops, memory_mb, cpus, hours, period }: Allowance): AllowanceWish {
  return {
    user_id: user?.id ?? null,
    group_id: group?.id ?? null,
    is_shared,
    desktops: desktops ?? null,
    memory_mb: memory_mb ?? null,
    cpus: cpus ?? null,
    hours: hours ?? null,
    period: period ?? null,
  }
}

type AmountProps = {
  label: string
  step: 1 | 'any'
  value: number | null | undefined
  onChange: (value: number | null) => void
}

function Amount({ label, step, value, onChange }: AmountProps) {
  return (
    <TextInput
      type="number"
      label={label}
      min={0}
      step={step}
      value={value ?? ''}
      onChange={(event) => {
        const typed = event.currentTarget.value
        onChange(typed === '' ? null : Number(typed))
      }}
    />
  )
}
