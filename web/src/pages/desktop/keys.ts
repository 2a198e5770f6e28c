/** X11 keysyms of the keys that we send by name. */
export const keysyms = {
  backspace: 0xff08,
  tab: 0xff09,
  enter: 0xff0d,
  escape: 0xff1b,
  delete: 0xffff,
  control: 0xffe3,
  alt: 0xffe9,
  super: 0xffeb,
} as const

type Key = { keysym: number; code: string }

export const keys = {
  tab: { keysym: keysyms.tab, code: 'Tab' },
  escape: { keysym: keysyms.escape, code: 'Escape' },
  delete: { keysym: keysyms.delete, code: 'Delete' },
  control: { keysym: keysyms.control, code: 'ControlLeft' },
  alt: { keysym: keysyms.alt, code: 'AltLeft' },
  super: { keysym: keysyms.super, code: 'MetaLeft' },
} as const satisfies Record<string, Key>

/** Where keys can be sent: the screen of a desktop. */
export type Keyboard = { sendKey: (keysym: number, code: string | null, down?: boolean) => void }

/** Presses keys in their order and lets them go in the opposite one, as a hand does. */
export function sendTogether(keyboard: Keyboard, combination: Key[]): void {
  for (const { keysym, code } of combination) keyboard.sendKey(keysym, code, true)
  for (const { keysym, code } of combination.toReversed()) keyboard.sendKey(keysym, code, false)
}

/** The keysym that types a character: its code in Latin-1, beyond that Unicode's with bit 24 set. */
export function keysymOf(character: string): number {
  if (character === '\n') return keysyms.enter
  if (character === '\t') return keysyms.tab
  const code = character.codePointAt(0) ?? 0
  return code <= 0xff ? code : 0x1000000 | code
}

/** Types what changed between two contents of a text field: takes back what is gone, adds what is new. */
export function typeDifference(keyboard: Keyboard, before: string, after: string): void {
  const old = Array.from(before)
  const next = Array.from(after)
  let same = 0
  while (same < old.length && old[same] === next[same]) same += 1
  for (let gone = same; gone < old.length; gone += 1) keyboard.sendKey(keysyms.backspace, 'Backspace')
  for (const character of next.slice(same)) keyboard.sendKey(keysymOf(character), null)
}
