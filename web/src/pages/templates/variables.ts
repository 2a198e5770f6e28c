import { t } from '@lingui/core/macro'

const name = /^[A-Za-z_][A-Za-z0-9_]*$/

export type Variables = { values: Record<string, string>; problem: string | null }

/** Reads `NAME=value` from each line that is not empty; a value is all that follows the first equals sign. */
export function readVariables(text: string): Variables {
  const values: Record<string, string> = {}
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const split = line.indexOf('=')
    const key = line.slice(0, Math.max(split, 0)).trim()
    if (!name.test(key)) return { values: {}, problem: t`“${line.trim()}” is no variable: write it as NAME=value.` }
    values[key] = line.slice(split + 1)
  }
  return { values, problem: null }
}

export function writeVariables(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')
}
