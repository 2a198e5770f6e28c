import type { Tracking } from '../api/tracking'

const what = 'which applications are open and in front on your devices, and when you are there'

/** What is collected of a person at most, who says so, and whether that waits for their word. */
export function explain({ policy, groups, consent, window_titles }: Tracking): string {
  const who = groups.length > 0 ? `For ${listed(groups)} Deskbay` : 'This server'
  if (policy === 'off') return `${who} collects nothing of what you do on your devices.`
  const titles = titlesOf(window_titles)
  if (policy === 'notice') return `${who} collects ${what}. ${titles} Save and restore work in any case.`
  const asks = groups.length > 0 ? ` ${listed(groups)} ${groups.length > 1 ? 'ask' : 'asks'} for it.` : ''
  const state = consent ? 'You consented: your devices report' : 'With your consent your devices report'
  return `${state} ${what}.${asks} ${titles} Save and restore work without it.`
}

/** What a person is asked by their groups. */
export function question({ groups, window_titles }: Tracking): string {
  return `${listed(groups)} would like to record ${what}. ${titlesOf(window_titles)} May it?`
}

const titlesOf = (areKept: boolean) => (areKept ? 'Titles of windows are kept, too.' : 'Titles of windows are not kept.')

const listed = (names: string[]) => new Intl.ListFormat('en').format(names)
