import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import type { FieldsProps } from './editor'
import classes from './templates.module.css'

/** How much a desktop has, how little and how much people may choose, and how long it may run. */
export function Limits({ wish, onChange }: FieldsProps) {
  return (
    <>
      <fieldset>
        <legend>{t`Size`}</legend>
        <div className={classes.triple}>
          <Amount label={t`Memory, MB`} value={wish.memory_mb} least={64} onChange={(memory_mb) => { onChange({ memory_mb }) }} />
          <Amount label={t`Least memory, MB`} value={wish.least_memory_mb} least={64} onChange={(least_memory_mb) => { onChange({ least_memory_mb }) }} />
          <Amount label={t`Most memory, MB`} value={wish.most_memory_mb} least={64} onChange={(most_memory_mb) => { onChange({ most_memory_mb }) }} />
        </div>
        <div className={classes.triple}>
          <Amount label={t`Processors`} value={wish.cpus} least={0.1} onChange={(cpus) => { onChange({ cpus }) }} />
          <Amount label={t`Fewest processors`} value={wish.least_cpus} least={0.1} onChange={(least_cpus) => { onChange({ least_cpus }) }} />
          <Amount label={t`Most processors`} value={wish.most_cpus} least={0.1} onChange={(most_cpus) => { onChange({ most_cpus }) }} />
        </div>
        <p>{t`Whoever launches it chooses between the least and the most. The same number in all three leaves no choice.`}</p>
      </fieldset>
      <fieldset>
        <legend>{t`Time`}</legend>
        <div className={classes.triple}>
          <Span
            label={t`Stop it when nobody uses it for, minutes`}
            unit={60}
            seconds={wish.idle_limit_seconds ?? null}
            onChange={(idle_limit_seconds) => {
              onChange({ idle_limit_seconds })
            }}
          />
          <Span
            label={t`Stop it in any case after, hours`}
            unit={3600}
            seconds={wish.lifetime_seconds ?? null}
            onChange={(lifetime_seconds) => {
              onChange({ lifetime_seconds, ...(lifetime_seconds === null && { most_lifetime_seconds: null }) })
            }}
          />
          <Span
            label={t`Its owner may extend that to, hours`}
            unit={3600}
            seconds={wish.most_lifetime_seconds ?? null}
            placeholder={t`not at all`}
            isDisabled={wish.lifetime_seconds === null}
            onChange={(most_lifetime_seconds) => {
              onChange({ most_lifetime_seconds })
            }}
          />
        </div>
        <p>{t`Left empty, it goes on. Its people are warned before it is stopped.`}</p>
      </fieldset>
    </>
  )
}

type AmountProps = { label: string; value: number; least: number; onChange: (value: number) => void }

function Amount({ label, value, least, onChange }: AmountProps) {
  return (
    <TextInput
      type="number"
      label={label}
      required
      min={least}
      step={least < 1 ? 'any' : 1}
      value={value === 0 ? '' : value}
      onChange={(event) => {
        onChange(Number(event.currentTarget.value))
      }}
    />
  )
}

type SpanProps = {
  label: string
  unit: number
  seconds: number | null
  placeholder?: string
  isDisabled?: boolean
  onChange: (seconds: number | null) => void
}

function Span({ label, unit, seconds, placeholder = t`no limit`, isDisabled = false, onChange }: SpanProps) {
  return (
    <TextInput
      type="number"
      label={label}
      placeholder={placeholder}
      disabled={isDisabled}
      min={60 / unit}
      step="any"
      value={seconds === null ? '' : seconds / unit}
      onChange={(event) => {
        const typed = event.currentTarget.value
        onChange(typed === '' ? null : Math.round(Number(typed) * unit))
      }}
    />
  )
}
