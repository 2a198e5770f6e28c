import { t } from '@lingui/core/macro'
import type { Reach, Scope } from '../api/rights'
import { inOwnLanguage } from './own-language'

/** What rights are about, by the first part of their names. */
export const nouns = inOwnLanguage((): Record<string, string> => ({
  desktops: t`Desktops`,
  sessions: t`Sessions`,
  activity: t`Activity and reports`,
  devices: t`Devices and rooms`,
  volumes: t`Volumes`,
  templates: t`Templates`,
  runtimes: t`Runtimes`,
  recordings: t`Recordings`,
  people: t`People and groups`,
  server: t`Audit, settings, announcements`,
}))

const verbs = inOwnLanguage((): Record<string, string> => ({ read: t`see`, write: t`change` }))

export const reaches = inOwnLanguage((): Record<Reach, string> => ({
  own: t`their own`,
  group: t`those of people they look after`,
  all: t`everyone’s`,
}))

type Rights = Partial<Record<string, Reach>>

/** What a set of rights lets do, in a line for each thing: what may be changed may be seen, too. */
export function inWords(rights: Rights): string[] {
  return Object.keys(nouns()).flatMap((noun) => {
    const [read, write] = [rights[`${noun}:read`], rights[`${noun}:write`]]
    if (!read && !write) return []
    const parts = [write && t`change ${reaches()[write]}`, read && read !== write && t`see ${reaches()[read]}`]
    return [`${nouns()[noun] ?? noun}: ${parts.filter(Boolean).join(', ')}`]
  })
}

/** What rights let do that are written as a token has them: “desktops:read!own”, or without a reach. */
export function writtenInWords(written: string[]): string[] {
  const rights: Rights = {}
  for (const one of written) {
    const [scope = '', reach = 'all'] = one.split('!')
    rights[scope] = reach as Reach
  }
  return inWords(rights)
}

export function scopeInWords(scope: Scope): string {
  const [noun = '', verb = ''] = scope.split(':')
  return `${noun === 'profile' ? t`Their account` : (nouns()[noun] ?? noun)}: ${verbs()[verb] ?? verb}`
}
