import type { Snapshot } from '../../api/sessions'

type Application = Snapshot['applications'][number]
type Window = Application['windows'][number]
export type Frame = { x: number; y: number; width: number; height: number }
/** A window with the application that it belongs to. */
export type Placed = { key: string; application: Application; window: Window; frame: Frame }

/** Where a snapshot has neither monitors nor windows. */
const nothing: Frame = { x: 0, y: 0, width: 1280, height: 800 }

/** Every window of a snapshot, those in front last: so they are drawn above the others. */
export function windowsOf(snapshot: Snapshot): Placed[] {
  const all = snapshot.applications.flatMap((application) =>
    application.windows.map((window, index) => ({
      key: `${application.key} ${index}`,
      application,
      window,
      frame: frameOf(snapshot, window),
    })),
  )
  return all.toSorted((one, other) => layer(one.window) - layer(other.window))
}

/** A window that fills its monitor is kept with the place that it goes back to. */
function frameOf(snapshot: Snapshot, window: Window): Frame {
  const monitor = snapshot.monitors[window.monitor]
  return monitor && (window.state === 'maximized' || window.state === 'fullscreen') ? monitor : window
}

function layer({ foreground, state }: Window): number {
  if (foreground) return 2
  return state === 'minimized' ? 0 : 1
}

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

const states = { normal: '', maximized: 'maximised', minimized: 'minimised', fullscreen: 'on the whole screen' }

/** "maximised, in front, workspace 2". */
export function describeState({ state, foreground, workspace }: Window): string {
  const place = workspace === null || workspace === undefined ? '' : `workspace ${workspace + 1}`
  return [states[state], foreground && 'in front', place].filter(Boolean).join(', ')
}
