import type { Setting } from '../../api/settings'

/** A value as it is read: of a secret only that it is set. */
export function valueWords({ value, is_secret }: Pick<Setting, 'value' | 'is_secret'>): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return 'none'
  if (is_secret) return '••• set'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value.join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

/** Where a value comes from. */
export function sourceWords({ source, named }: Pick<Setting, 'source' | 'named'>): string {
  if (source === 'default') return 'Default'
  if (source === 'command-line') return 'Command line'
  if (source === 'file') return named ?? 'File'
  return named === null ? 'Environment' : `Environment: ${named}`
}
