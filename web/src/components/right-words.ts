import type { Reach, Scope } from '../api/rights'

/** What rights are about, by the first part of their names. */
export const nouns: Record<string, string> = {
  desktops: 'Desktops',
  sessions: 'Sessions',
  activity: 'Activity and reports',
  devices: 'Devices and rooms',
  volumes: 'Volumes',
  templates: 'Templates',
  runtimes: 'Runtimes',
  recordings: 'Recordings',
  people: 'People and groups',
  server: 'Audit, settings, announcements',
}
const verbs: Record<string, string> = { read: 'see', write: 'change' }

export const reaches: Record<Reach, string> = {
  own: 'their own',
  group: 'those of people they look after',
  all: 'everyone’s',
}

type Rights = Partial<Record<string, Reach>>

/** What a set of rights lets do, in a line for each thing: what may be changed may be seen, too. */
export function inWords(rights: Rights): string[] {
  return Object.keys(nouns).flatMap((noun) => {
    const [read, write] = [rights[`${noun}:read`], rights[`${noun}:write`]]
    if (!read && !write) return []
    const parts = [write && `change ${reaches[write]}`, read && read !== write && `see ${reaches[read]}`]
    return [`${nouns[noun] ?? noun}: ${parts.filter(Boolean).join(', ')}`]
  })
}

export function scopeInWords(scope: Scope): string {
  const [noun = '', verb = ''] = scope.split(':')
  return noun === 'profile' ? `Their account: ${verbs[verb] ?? verb}` : `${nouns[noun] ?? noun}: ${verbs[verb] ?? verb}`
}
