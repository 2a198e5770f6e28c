import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import type { RuntimeChange } from '../../api/runtimes'
import classes from './runtimes.module.css'

type Props = { change: RuntimeChange; onChange: (part: Partial<RuntimeChange>) => void }

/** What templates may ask for, and how much the desktops of a runtime may take that run. */
export function LimitFields({ change: { labels, desktops, memory_mb, cpus }, onChange }: Props) {
  return (
    <>
      <TextInput
        label={t`Labels`}
        description={t`Templates may ask for some of these, such as gpu.`}
        placeholder="gpu, lab-3"
        autoComplete="off"
        spellCheck={false}
        value={labels.join(', ')}
        onChange={(event) => {
          const { value } = event.currentTarget
          // What is typed stays as it is until the next comma.
          onChange({ labels: value === '' ? [] : value.split(/,\s*/) })
        }}
        onBlur={() => {
          onChange({ labels: labels.map((label) => label.trim()).filter((label) => label !== '') })
        }}
      />
      <div className={classes.limits}>
        <Limit label={t`Most desktops`} least={1} step={1} value={desktops} onChange={(value) => { onChange({ desktops: value }) }} />
        <Limit label={t`Memory in all, MB`} least={64} step={1} value={memory_mb} onChange={(value) => { onChange({ memory_mb: value }) }} />
        <Limit label={t`Processors in all`} least={0.1} step="any" value={cpus} onChange={(value) => { onChange({ cpus: value }) }} />
      </div>
    </>
  )
}

type LimitProps = {
  label: string
  least: number
  step: 1 | 'any'
  value: number | null | undefined
  onChange: (value: number | null) => void
}

function Limit({ label, least, step, value, onChange }: LimitProps) {
  return (
    <TextInput
      type="number"
      label={label}
      placeholder={t`no limit`}
      min={least}
      step={step}
      value={value ?? ''}
      onChange={(event) => {
        const { value: typed } = event.currentTarget
        onChange(typed === '' ? null : Number(typed))
      }}
    />
  )
}
