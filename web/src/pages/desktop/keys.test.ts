import { expect, it } from 'vitest'
import { keys, keysymOf, keysyms, sendTogether, typeDifference } from './keys'

class RecordingKeyboard {
  readonly sent: string[] = []

  sendKey = (keysym: number, code: string | null, down?: boolean): void => {
    const move = down === undefined ? '' : down ? '+' : '-'
    this.sent.push(`${move}${code ?? String.fromCodePoint(keysym & 0xffffff)}`)
  }
}

it('lets keys go in the opposite order', () => {
  const keyboard = new RecordingKeyboard()
  sendTogether(keyboard, [keys.control, keys.alt, keys.delete])
  expect(keyboard.sent).toEqual(['+ControlLeft', '+AltLeft', '+Delete', '-Delete', '-AltLeft', '-ControlLeft'])
})

it.each([
  ['a', 0x61],
  ['ü', 0xfc],
  ['€', 0x10020ac],
  ['😀', 0x101f600],
  ['\n', keysyms.enter],
  ['\t', keysyms.tab],
])('knows the keysym of %j', (character, keysym) => {
  expect(keysymOf(character)).toBe(keysym)
})

it.each([
  ['', 'hi', ['h', 'i']],
  ['hi', 'h', ['Backspace']],
  ['teh', 'the', ['Backspace', 'Backspace', 'h', 'e']],
  ['a', 'a😀', ['😀']],
  ['same', 'same', []],
])('types what makes %j into %j', (before, after, sent) => {
  const keyboard = new RecordingKeyboard()
  typeDifference(keyboard, before, after)
  expect(keyboard.sent).toEqual(sent)
})
