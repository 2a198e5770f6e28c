import { plural, t } from '@lingui/core/macro'
import type { Allowance } from '../../api/allowances'
import { cpuWords, memoryWords } from '../../components/size-words'

/** Whose a rule is. */
export function nameOf({ user, group, is_shared }: Allowance): string {
  if (user) return user.username
  return is_shared ? t`${group?.name ?? ''}, all together` : t`${group?.name ?? ''}, each member`
}

/** What may run at once, as "2 desktops, 8 GB memory"; a dash where a rule says nothing about that. */
export function atOnce({ desktops, memory_mb, cpus }: Allowance): string {
  const parts = [
    desktops === null || desktops === undefined ? null : plural(desktops, { one: '# desktop', other: '# desktops' }),
    memory_mb ? memoryWords(memory_mb) : null,
    cpus ? cpuWords(cpus) : null,
  ]
  return parts.filter((part) => part !== null).join(', ') || '–'
}

/** The hours, as "40 a week". */
export function hoursOf({ hours, period }: Allowance): string {
  if (hours === null || hours === undefined) return '–'
  return period === 'month' ? t`${hours} a month` : t`${hours} a week`
}
