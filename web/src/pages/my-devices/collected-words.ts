import type { Tracking } from '../../api/tracking'

const what = 'which applications are open and in front on your devices, and when you are there'

/** What the server collects of a person at most, and whether that waits for their word. */
export function explain({ policy, consent, window_titles }: Tracking): string {
  if (policy === 'off') return 'This server collects nothing of what you do on your devices.'
  const titles = window_titles ? 'Titles of windows are kept, too.' : 'Titles of windows are not kept.'
  if (policy === 'notice') return `This server collects ${what}. ${titles} Save and restore work in any case.`
  const state = consent ? 'You consented: your devices report' : 'With your consent your devices report'
  return `${state} ${what}. ${titles} Save and restore work without it.`
}
