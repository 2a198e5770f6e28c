import { expect, it } from 'vitest'
import { Chord } from './chord'

/** Presses (+) and releases (-) keys; tells at which of them the chord was complete. */
function play(...moves: string[]): number[] {
  const chord = new Chord()
  return moves.flatMap((move, index) => {
    const key = { code: move.slice(1) }
    if (move.startsWith('+')) chord.press(key)
    return move.startsWith('-') && chord.release(key) ? [index] : []
  })
}

it('is complete when all three are let go', () => {
  expect(play('+ControlLeft', '+AltLeft', '+ShiftLeft', '-AltLeft', '-ShiftLeft', '-ControlLeft')).toEqual([5])
})

it('takes keys of either side, and keys that repeat', () => {
  expect(play('+ShiftRight', '+ControlRight', '+AltLeft', '+AltLeft', '-AltLeft', '-ControlRight', '-ShiftRight')).toEqual([6])
})

it('can be played again', () => {
  const once = ['+ControlLeft', '+AltLeft', '+ShiftLeft', '-ControlLeft', '-AltLeft', '-ShiftLeft']
  expect(play(...once, ...once)).toEqual([5, 11])
})

it.each([
  ['another key in between', ['+ControlLeft', '+AltLeft', '+ShiftLeft', '+KeyT', '-KeyT', '-ControlLeft', '-AltLeft', '-ShiftLeft']],
  ['another key before', ['+KeyT', '+ControlLeft', '+AltLeft', '+ShiftLeft', '-KeyT', '-ControlLeft', '-AltLeft', '-ShiftLeft']],
  ['two of the three', ['+ControlLeft', '+AltLeft', '-ControlLeft', '-AltLeft']],
  ['AltGr with Shift', ['+ControlLeft', '+AltRight', '+ShiftLeft', '-ShiftLeft', '-AltRight', '-ControlLeft']],
])('is not complete with %s', (_, moves) => {
  expect(play(...moves)).toEqual([])
})

it('forgets keys whose release went to another window', () => {
  const chord = new Chord()
  for (const code of ['ControlLeft', 'AltLeft', 'Tab']) chord.press({ code })
  chord.forget()
  for (const code of ['ControlLeft', 'AltLeft', 'ShiftLeft']) chord.press({ code })
  for (const code of ['ControlLeft', 'AltLeft']) chord.release({ code })
  expect(chord.release({ code: 'ShiftLeft' })).toBe(true)
})
