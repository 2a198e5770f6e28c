import { t } from '@lingui/core/macro'
import { ActionIcon, TextInput } from '@mantine/core'
import { IconPlus, IconTrash, IconX } from '@tabler/icons-react'
import { usualSpan, type Exception, type Span } from './opening-form'
import classes from './room.module.css'

type WeekdayProps = { name: string; spans: Span[]; onChange: (spans: Span[]) => void }

export function Weekday({ name, spans, onChange }: WeekdayProps) {
  return (
    <div className={classes.day}>
      <span className={classes.dayName}>{name}</span>
      <Spans name={name} spans={spans} onChange={onChange} />
      <AddSpan name={name} spans={spans} onChange={onChange} />
    </div>
  )
}

type ExceptionProps = {
  exception: Exception
  number: number
  onChange: (exception: Exception) => void
  onRemove: () => void
}

export function ExceptionDay({ exception, number, onChange, onRemove }: ExceptionProps) {
  const name = exception.day || t`exception ${number}`
  const setSpans = (spans: Span[]) => {
    onChange({ ...exception, spans })
  }
  return (
    <div className={classes.day}>
      <TextInput
        type="date"
        aria-label={t`Date of exception ${number}`}
        value={exception.day}
        onChange={(event) => {
          onChange({ ...exception, day: event.currentTarget.value })
        }}
      />
      <Spans name={name} spans={exception.spans} onChange={setSpans} />
      <div>
        <AddSpan name={name} spans={exception.spans} onChange={setSpans} />
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t`Remove ${name}`} onClick={onRemove}>
          <IconTrash size={17} aria-hidden="true" />
        </ActionIcon>
      </div>
    </div>
  )
}

function Spans({ name, spans, onChange }: WeekdayProps) {
  if (spans.length === 0) return <span className={classes.closed}>{t`Closed`}</span>
  return (
    <div className={classes.spans}>
      {spans.map((span, at) => (
        <div key={at} className={classes.span}>
          <Time
            label={t`${name} opens`}
            value={span.opens}
            onChange={(opens) => {
              onChange(spans.with(at, { ...span, opens }))
            }}
          />
          –
          <Time
            label={t`${name} closes`}
            value={span.closes}
            onChange={(closes) => {
              onChange(spans.with(at, { ...span, closes }))
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={t`Remove ${span.opens} to ${span.closes} on ${name}`}
            onClick={() => {
              onChange(spans.toSpliced(at, 1))
            }}
          >
            <IconX size={17} aria-hidden="true" />
          </ActionIcon>
        </div>
      ))}
    </div>
  )
}

function AddSpan({ name, spans, onChange }: WeekdayProps) {
  return (
    <ActionIcon
      variant="subtle"
      size={36}
      aria-label={t`Add opening hours on ${name}`}
      onClick={() => {
        onChange([...spans, spans.length === 0 ? usualSpan : { opens: spans.at(-1)?.closes ?? '', closes: '' }])
      }}
    >
      <IconPlus size={17} aria-hidden="true" />
    </ActionIcon>
  )
}

function Time({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <TextInput
      type="time"
      required
      aria-label={label}
      value={value}
      onChange={(event) => {
        onChange(event.currentTarget.value)
      }}
    />
  )
}
