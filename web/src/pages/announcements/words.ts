import { t } from '@lingui/core/macro'
import type { Announcement, Severity } from '../../api/announcements'
import { inOwnLanguage } from '../../components/own-language'
import { clock, day } from '../../components/time'

export const loudness = inOwnLanguage((): Record<Severity, string> => ({ info: t`Information`, warning: t`Warning`, critical: t`Critical` }))

type Times = Pick<Announcement, 'starts_at' | 'ends_at'>

/** Whether people see it at a time (milliseconds). */
export function stateOf({ starts_at, ends_at }: Times, now: number): string {
  if (Date.parse(starts_at) > now) return t`To come`
  return ends_at !== null && Date.parse(ends_at) <= now ? t`Over` : t`Seen now`
}

/** From when until when, as people say it. */
export function timesOf({ starts_at, ends_at }: Times): string {
  return ends_at === null ? t`since ${said(starts_at)}` : `${said(starts_at)} – ${said(ends_at)}`
}

function said(at: string): string {
  return `${day(at)}, ${clock(at)}`
}

export function whomFor({ groups }: Pick<Announcement, 'groups'>): string {
  return groups.length === 0 ? t`Everyone` : groups.map(({ name }) => name).join(', ')
}

/** A time as a field of date and time has it: local, to the minute. */
export function fieldOf(at: string | null): string {
  if (at === null) return ''
  const local = new Date(at)
  const parts = [local.getMonth() + 1, local.getDate(), local.getHours(), local.getMinutes()]
  const [month, date, hour, minute] = parts.map((part) => String(part).padStart(2, '0'))
  return `${local.getFullYear()}-${month}-${date}T${hour}:${minute}`
}

/** The time that such a field tells; nothing where it is empty. */
export function timeOf(field: string): string | null {
  return field === '' ? null : new Date(field).toISOString()
}
