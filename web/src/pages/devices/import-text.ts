import { plural, t } from '@lingui/core/macro'
import type { Import } from '../../api/devices'

/** What becomes of a line of the file. */
export type Line = { number: number; text: string; outcome: 'new' | 'known' | 'wrong'; message: string }

export const largestBytes = 2 ** 20

/** The lines of a file, each with what an import would do with it, or did. Wrong ones come first. */
export function linesOf(file: string, { devices, errors }: Import): Line[] {
  const texts = file.split(/\r\n|\r|\n/)
  const text = (line: number) => texts[line - 1] ?? ''
  const wrong = errors.map(({ line, message }): Line => ({
    number: line,
    text: text(line),
    outcome: 'wrong',
    message,
  }))
  const right = devices.map(({ line, name, is_new }): Line => ({
    number: line,
    text: text(line),
    outcome: is_new ? 'new' : 'known',
    message: is_new ? t`${name} is new` : t`${name} is there, and moves to where this says`,
  }))
  return [...wrong, ...right]
}

/** The new devices with their tokens as a CSV file. */
export function tokensFile({ devices }: Import): string {
  const rows = devices.flatMap(({ name, token }) => (token === null ? [] : [`${quoted(name)},${token}`]))
  return ['name,token', ...rows, ''].join('\r\n')
}

/** A quoted field. One that a spreadsheet would compute is disarmed. */
function quoted(name: string): string {
  const harmless = /^[=+\-@]/.test(name) ? `'${name}` : name
  return `"${harmless.replaceAll('"', '""')}"`
}

/** "3 wrong rows". */
export function wrongRows(count: number): string {
  return plural(count, { one: '# wrong row', other: '# wrong rows' })
}
