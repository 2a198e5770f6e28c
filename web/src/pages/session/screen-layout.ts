import { t } from '@lingui/core/macro'
import type { Snapshot } from '../../api/sessions'
import { inOwnLanguage } from '../../components/own-language'

type Application = Snapshot['applications'][number]
type Window = Application['windows'][number]
type Frame = { x: number; y: number; width: number; height: number }
/** A window with the application that it belongs to. */
export type Placed = { key: string; application: Application; window: Window; frame: Frame }

/** Where a snapshot has neither monitors nor windows. */
const nothing: Frame = { x: 0, y: 0, width: 1280, height: 800 }

/** Every window of a snapshot, the lowest first: so those above are drawn above. */
export function windowsOf(snapshot: Snapshot): Placed[] {
  const all = snapshot.applications.flatMap((application) =>
    application.windows.map((window, index) => ({
      key: `${application.key} ${index}`,
      application,
      window,
      frame: frameOf(snapshot, window),
    })),
  )
  return all.toSorted(
    (one, other) => layer(one.window) - layer(other.window) || (one.window.stacking ?? 0) - (other.window.stacking ?? 0),
  )
}

/** A window that fills its monitor is kept with the place that it goes back to. */
function frameOf(snapshot: Snapshot, window: Window): Frame {
  const monitor = snapshot.monitors[window.monitor]
  return monitor && (window.state === 'maximized' || window.state === 'fullscreen') ? monitor : window
}

/** What was put away is below all; in older saves nothing is known but which window was in front. */
function layer({ foreground, state, stacking }: Window): number {
  if (state === 'minimized') return 0
  return foreground && stacking === null ? 2 : 1
}

/** The workspaces that a snapshot has windows on, from the first; one that is no number where none is known. */
export function workspacesOf(snapshot: Snapshot): (number | null)[] {
  const known = windowsOf(snapshot).flatMap(({ window: { workspace } }) => workspace ?? [])
  return known.length > 0 ? [...new Set(known)].toSorted((one, other) => one - other) : [null]
}

/** Whether a window is seen on a workspace. */
export const isOn = (workspace: number | null, { window }: Placed) =>
  workspace === null || (window.workspace ?? workspace) === workspace

/** The smallest frame around all monitors; around all windows where no monitor is known. */
export function around(snapshot: Snapshot): Frame {
  const monitors: Frame[] = snapshot.monitors
  const frames = monitors.length > 0 ? monitors : windowsOf(snapshot).map(({ frame }) => frame)
  if (frames.length === 0) return nothing
  const x = Math.min(...frames.map((frame) => frame.x))
  const y = Math.min(...frames.map((frame) => frame.y))
  const right = Math.max(...frames.map((frame) => frame.x + frame.width))
  const bottom = Math.max(...frames.map((frame) => frame.y + frame.height))
  return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) }
}

/** What is in front in a window: the last part of a path, or a tab's host. */
export function contentOf({ contents, content, title }: Window): string | null {
  const shown = contents[content ?? 0]
  return shown === undefined ? (title ?? null) : short(shown)
}

/** "/home/ada/thesis.txt" is thesis.txt, "https://example.org/a" is example.org. */
export function short(content: string): string {
  if (/^https?:/.test(content) && URL.canParse(content)) return new URL(content).host
  return content.split(/[/\\]/).findLast((part) => part !== '') ?? content
}

const states = inOwnLanguage(() => ({ normal: '', maximized: t`maximised`, minimized: t`minimised`, fullscreen: t`on the whole screen` }))

/** "maximised, in front, workspace 2". */
export function describeState({ state, foreground, workspace }: Window): string {
  const place = workspace === null || workspace === undefined ? '' : t`workspace ${workspace + 1}`
  return [states()[state], foreground && t`in front`, place].filter(Boolean).join(', ')
}
