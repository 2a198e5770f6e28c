import { i18n } from '#words'
import { plural, t } from '@lingui/core/macro'
import type { Tracking } from '../api/tracking'

/** What is collected of a person at most, who says so, and whether that waits for their word. */
export function explain({ policy, groups, consent, window_titles }: Tracking): string {
  if (policy === 'off') return nothing(groups)
  const titles = titlesOf(window_titles)
  if (policy === 'notice') return [noticed(groups), titles, t`Save and restore work in any case.`].join(' ')
  return [reported(consent), ...askers(groups), titles, t`Save and restore work without it.`].join(' ')
}

function nothing(groups: string[]): string {
  return groups.length > 0
    ? t`For ${listed(groups)} Deskbay collects nothing of what you do on your devices.`
    : t`This server collects nothing of what you do on your devices.`
}

function noticed(groups: string[]): string {
  return groups.length > 0
    ? t`For ${listed(groups)} Deskbay collects which applications are open and in front on your devices, and when you are there.`
    : t`This server collects which applications are open and in front on your devices, and when you are there.`
}

function reported(consent: boolean): string {
  return consent
    ? t`You consented: your devices report which applications are open and in front on your devices, and when you are there.`
    : t`With your consent your devices report which applications are open and in front on your devices, and when you are there.`
}

function askers(groups: string[]): string[] {
  if (groups.length === 0) return []
  return [plural(groups.length, { one: `${listed(groups)} asks for it.`, other: `${listed(groups)} ask for it.` })]
}

/** What a person is asked by their groups. */
export function question({ groups, window_titles }: Tracking): string {
  const asked = t`${listed(groups)} would like to record which applications are open and in front on your devices, and when you are there.`
  return [asked, titlesOf(window_titles), t`May it?`].join(' ')
}

const titlesOf = (areKept: boolean) => (areKept ? t`Titles of windows are kept, too.` : t`Titles of windows are not kept.`)

const listed = (names: string[]) => new Intl.ListFormat(i18n.locale).format(names)
