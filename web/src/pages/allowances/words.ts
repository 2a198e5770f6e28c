import type { Allowance } from '../../api/allowances'
import { cpuWords, memoryWords } from '../../components/size-words'

/** Whose a rule is. */
export function nameOf({ user, group, is_shared }: Allowance): string {
  if (user) return user.username
  return is_shared ? `${group?.name ?? ''}, all together` : `${group?.name ?? ''}, each member`
}

/** What may run at once, as "2 desktops, 8 GB memory"; a dash where a rule says nothing about that. */
export function atOnce({ desktops, memory_mb, cpus }: Allowance): string {
  const parts = [
    desktops === null || desktops === undefined ? null : `${desktops} ${desktops === 1 ? 'desktop' : 'desktops'}`,
    memory_mb ? memoryWords(memory_mb) : null,
    cpus ? cpuWords(cpus) : null,
  ]
  return parts.filter((part) => part !== null).join(', ') || '–'
}

/** The hours, as "40 a week". */
export function hoursOf({ hours, period }: Allowance): string {
  return hours === null || hours === undefined ? '–' : `${hours} a ${period ?? 'week'}`
}
