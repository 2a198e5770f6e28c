import { describe, expect, it } from 'vitest'
import { openWindow, program, snapshot } from '../../tests/sessions'
import { around, contentOf, describeState, isOn, short, windowsOf, workspacesOf, type Placed } from './screen-layout'

const left = { x: -1920, y: 0, width: 1920, height: 1080, primary: false }
const main = { x: 0, y: 40, width: 1280, height: 800, primary: true }

describe('the frame', () => {
  it('is around all monitors', () => {
    expect(around(snapshot({ monitors: [main, left] }))).toEqual({ x: -1920, y: 0, width: 3200, height: 1080 })
  })

  it('is around the windows where no monitor is known', () => {
    expect(around(snapshot({ monitors: [] }))).toEqual({ x: 100, y: 50, width: 640, height: 480 })
  })

  it('is there even for nothing', () => {
    expect(around(snapshot({ monitors: [], applications: [] }))).toEqual({ x: 0, y: 0, width: 1280, height: 800 })
  })

  it('has a size even for windows without', () => {
    const flat = program({ windows: [openWindow({ width: 0, height: 0 })] })
    expect(around(snapshot({ monitors: [], applications: [flat] }))).toMatchObject({ width: 1, height: 1 })
  })
})

describe('windows', () => {
  it('are drawn as they lay above one another', () => {
    const layers = [2, 0, 1].map((stacking) => openWindow({ stacking, foreground: stacking === 0 }))
    const one = snapshot({ applications: [program({ windows: layers })] })
    expect(windowsOf(one).map(({ window }) => window.stacking)).toEqual([0, 1, 2])
  })

  it('are on their workspaces, or on all', () => {
    const windows = [1, 0, null, 1].map((workspace) => openWindow({ workspace }))
    const one = snapshot({ applications: [program({ windows })] })
    expect(workspacesOf(one)).toEqual([0, 1])
    expect([0, 1].map((workspace) => windowsOf(one).filter((each) => isOn(workspace, each)).length)).toEqual([2, 3])
    const elsewhere = snapshot({ applications: [program({ windows: [openWindow({ workspace: null })] })] })
    expect(workspacesOf(elsewhere)).toEqual([null])
    expect(isOn(null, windowsOf(elsewhere)[0] as Placed)).toBe(true)
  })

  it('are drawn with the one in front last, and minimised ones first', () => {
    const front = openWindow({ foreground: true })
    const behind = openWindow({ foreground: false })
    const small = openWindow({ foreground: false, state: 'minimized' })
    const one = snapshot({ applications: [program({ windows: [front, small] }), program({ key: 'b', windows: [behind] })] })
    expect(windowsOf(one).map(({ window }) => window)).toEqual([small, behind, front])
    expect(new Set(windowsOf(one).map(({ key }) => key)).size).toBe(3)
  })

  it.each(['maximized', 'fullscreen'] as const)('that are %s fill their monitor', (state) => {
    const one = snapshot({ monitors: [left, main], applications: [program({ windows: [openWindow({ state, monitor: 1 })] })] })
    expect(windowsOf(one)[0]?.frame).toEqual(main)
  })

  it('keep their place where their monitor is not known', () => {
    const window = openWindow({ state: 'maximized', monitor: 5 })
    expect(windowsOf(snapshot({ applications: [program({ windows: [window] })] }))[0]?.frame).toBe(window)
  })
})

describe('what a window shows', () => {
  it.each([
    ['/home/ada/thesis.txt', 'thesis.txt'],
    ['C:\\Users\\ada\\thesis.txt', 'thesis.txt'],
    ['/home/ada/', 'ada'],
    ['https://example.org/a/b?c', 'example.org'],
    ['https://', 'https:'],
    ['/', '/'],
  ])('%j in short is %j', (content, expected) => {
    expect(short(content)).toBe(expected)
  })

  it('is the content in front, else the title, else nothing', () => {
    expect(contentOf(openWindow({ contents: ['/a', '/b'], content: 1 }))).toBe('b')
    expect(contentOf(openWindow({ contents: [], content: null, title: 'Untitled' }))).toBe('Untitled')
    expect(contentOf(openWindow({ contents: [], content: null }))).toBeNull()
  })

  it('is told with its state', () => {
    expect(describeState(openWindow({ state: 'maximized', workspace: 1 }))).toBe('maximised, in front, workspace 2')
    expect(describeState(openWindow({ foreground: false, workspace: null }))).toBe('')
  })
})
