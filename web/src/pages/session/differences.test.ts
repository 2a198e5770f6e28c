import { expect, it } from 'vitest'
import { openWindow, program, snapshot } from '../../tests/sessions'
import { differences } from './differences'

type Program = ReturnType<typeof program>

function between(old: Partial<Program>, now: Partial<Program>, changes = ['windows']): string[] {
  const changed = { key: 'new', before_key: 'old', application: 'mousepad', name: 'Mousepad', changes }
  return differences(
    changed,
    snapshot({ applications: [program({ ...old, key: 'old' })] }),
    snapshot({ applications: [program({ ...now, key: 'new' })] }),
  )
}

const windows = (...different: Parameters<typeof openWindow>[0][]) => ({ windows: different.map(openWindow) })

it.each([
  ['a document', windows({ contents: ['/a'] }), windows({ contents: ['/b'] }), ['opened /b', 'closed /a']],
  ['its place', windows({}), windows({ x: 5, y: 6 }), ['moved to 5, 6']],
  ['its screen', windows({}), windows({ monitor: 1, x: 9 }), ['moved to screen 2']],
  ['its size', windows({}), windows({ width: 300 }), ['now 300 × 480']],
  ['its state', windows({}), windows({ state: 'minimized' as const }), ['minimised, workspace 1']],
  ['the state before', windows({ state: 'maximized' as const, workspace: null }), windows({ workspace: null }), ['normal again']],
  ['who is in front', windows({}), windows({ foreground: false }), ['not in front any more']],
  ['more windows', windows({}), windows({}, {}), ['1 window more']],
  ['fewer windows', windows({}, {}, {}), windows({}), ['2 windows fewer']],
  ['a title', windows({ title: 'a' }), windows({ title: 'b' }), ['a window’s title or the like']],
])('tells %s', (_, old, now, said) => {
  expect(between(old, now)).toEqual(said)
})

it('tells how it was started, and where it works', () => {
  const now = { folder: '/tmp', command: ['mousepad', '/b'], exe: '/opt/mousepad' }
  expect(between({}, now, ['exe', 'command', 'folder'])).toEqual([
    'works in /tmp', 'started as mousepad /b', 'program is /opt/mousepad',
  ])
})

it('says what the server says where the saves tell no more', () => {
  const changed = { key: 'gone', before_key: 'gone', application: 'x', name: 'X', changes: ['windows'] }
  expect(differences(changed, snapshot(), snapshot())).toEqual(['windows'])
})
