import { plural, t } from '@lingui/core/macro'
import type { Snapshot } from '../../api/sessions'
import { Twin } from '../../components/activity/twin'
import { initials } from '../../components/session/initials'
import { around, contentOf, describeState, isOn, windowsOf, workspacesOf, type Placed } from './screen-layout'
import classes from './screen-map.module.css'

/** The windows of a save in their places on the screen, small; a table says the same. */
export function ScreenMap({ snapshot }: { snapshot: Snapshot }) {
  const windows = windowsOf(snapshot)
  const workspaces = workspacesOf(snapshot)
  return (
    <>
      <div className={classes.maps}>
        {workspaces.map((workspace) => (
          <figure key={workspace} className={classes.figure}>
            <Screens snapshot={snapshot} windows={windows.filter((placed) => isOn(workspace, placed))} />
            {workspaces.length > 1 && workspace !== null && <figcaption>{t`Workspace ${workspace + 1}`}</figcaption>}
          </figure>
        ))}
      </div>
      <Twin>{() => <Table windows={windows.toReversed()} />}</Twin>
    </>
  )
}

function Screens({ snapshot, windows }: { snapshot: Snapshot; windows: Placed[] }) {
  const { x, y, width, height } = around(snapshot)
  const unit = width / 100
  return (
    <svg
      className={classes.map}
      viewBox={`${x - unit} ${y - unit} ${width + 2 * unit} ${height + 2 * unit}`}
      role="img"
      aria-label={t`${countOfWindows(windows.length)} on ${countOfScreens(snapshot.monitors.length)}: the table says where`}
    >
      {snapshot.monitors.map((monitor) => (
        <rect key={`${monitor.x} ${monitor.y}`} className={classes.monitor} {...sizeOf(monitor)} rx={unit} />
      ))}
      {windows.map((placed) => (
        <Window key={placed.key} placed={placed} unit={unit} />
      ))}
    </svg>
  )
}

const countOfWindows = (count: number) => plural(count, { one: '# window', other: '# windows' })
const countOfScreens = (count: number) => plural(count, { one: '# screen', other: '# screens' })

const sizeOf = ({ x, y, width, height }: Placed['frame']) => ({ x, y, width, height })

function Window({ placed: { application, window, frame }, unit }: { placed: Placed; unit: number }) {
  const content = contentOf(window)
  const told = [application.name, content, describeState(window)].filter(Boolean).join(' · ')
  const letter = Math.min(frame.width / 5, frame.height / 3, unit * 3.2)
  const corner = { x: frame.x + letter * 0.5, y: frame.y + letter * 0.95 }
  return (
    <g className={classes.window} data-state={window.state} data-front={window.foreground || undefined}>
      <title>{told}</title>
      <rect {...sizeOf(frame)} rx={unit * 0.6} strokeWidth={unit * 0.35} />
      <text {...corner} fontSize={letter} dominantBaseline="central" aria-hidden="true">
        {fits(application.name, frame.width, letter) ? application.name : initials(application.name)}
      </text>
    </g>
  )
}

/** A letter is about six tenths as wide as high. */
function fits(name: string, width: number, letter: number): boolean {
  return name.length * letter * 0.6 < width * 0.9
}

function Table({ windows }: { windows: Placed[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t`Window, the uppermost first`}</th>
          <th scope="col">{t`Shows`}</th>
          <th scope="col">{t`Place, in pixels`}</th>
          <th scope="col">{t`State`}</th>
        </tr>
      </thead>
      <tbody>
        {windows.map(({ key, application, window }) => (
          <tr key={key}>
            <th scope="row">{application.name}</th>
            <td className={classes.contents}>{window.contents.join(', ') || window.title}</td>
            <td>{t`${window.width} × ${window.height} at ${window.x}, ${window.y} of screen ${window.monitor + 1}`}</td>
            <td>{describeState(window) || 'normal'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
