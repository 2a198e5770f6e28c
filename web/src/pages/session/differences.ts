import { plural, t } from '@lingui/core/macro'
import type { Comparison, Snapshot } from '../../api/sessions'
import { describeState } from './screen-layout'

type Changed = Comparison['changed'][number]
type Application = Snapshot['applications'][number]
type Window = Application['windows'][number]

/** What is not the same about an application that is in both saves, each in a few words. */
export function differences({ before_key, key, changes }: Changed, before: Snapshot, after: Snapshot): string[] {
  const old = applicationIn(before, before_key)
  const now = applicationIn(after, key)
  if (!old || !now) return changes
  const said = [
    ...contents(old, now),
    ...windows(old.windows, now.windows),
    ...(changes.includes('folder') ? [t`works in ${now.folder ?? t`another folder`}`] : []),
    ...(changes.includes('command') ? [t`started as ${now.command.join(' ')}`] : []),
    ...(changes.includes('exe') ? [t`program is ${now.exe}`] : []),
  ]
  return said.length > 0 ? said : [t`a window’s title or the like`]
}

const applicationIn = (snapshot: Snapshot, key: string) => snapshot.applications.find((one) => one.key === key)

/** Documents, folders and tabs that were opened or closed. */
function contents(old: Application, now: Application): string[] {
  const before = contentsOf(old)
  const after = contentsOf(now)
  return [
    ...after.filter((one) => !before.includes(one)).map((one) => t`opened ${one}`),
    ...before.filter((one) => !after.includes(one)).map((one) => t`closed ${one}`),
  ]
}

const contentsOf = ({ windows }: Application) => [...new Set(windows.flatMap((window) => window.contents))]

function windows(old: Window[], now: Window[]): string[] {
  const more = now.length - old.length
  if (more > 0) return [plural(more, { one: '# window more', other: '# windows more' })]
  if (more < 0) return [plural(-more, { one: '# window fewer', other: '# windows fewer' })]
  return [...new Set(now.flatMap((window, index) => moved(old[index] ?? window, window)))]
}

function moved(old: Window, now: Window): string[] {
  const said: string[] = []
  if (now.monitor !== old.monitor) said.push(t`moved to screen ${now.monitor + 1}`)
  else if (now.x !== old.x || now.y !== old.y) said.push(t`moved to ${now.x}, ${now.y}`)
  if (now.width !== old.width || now.height !== old.height) said.push(t`now ${now.width} × ${now.height}`)
  if (now.foreground !== old.foreground) said.push(now.foreground ? t`came to the front` : t`not in front any more`)
  if (now.state !== old.state || now.workspace !== old.workspace) {
    said.push(describeState({ ...now, foreground: false }) || t`normal again`)
  }
  return said
}
