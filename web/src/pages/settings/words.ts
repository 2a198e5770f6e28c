import { t } from '@lingui/core/macro'
import type { Setting } from '../../api/settings'

/** A value as it is read: of a secret only that it is set. */
export function valueWords({ value, is_secret }: Pick<Setting, 'value' | 'is_secret'>): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return t`none`
  if (is_secret) return t`••• set`
  if (typeof value === 'boolean') return value ? t`yes` : t`no`
  if (Array.isArray(value) && value.every((part) => typeof part === 'string')) return value.join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

/** Where a value comes from. */
export function sourceWords({ source, named }: Pick<Setting, 'source' | 'named'>): string {
  if (source === 'default') return t`Default`
  if (source === 'command-line') return t`Command line`
  if (source === 'file') return named ?? t`File`
  return named === null ? t`Environment` : t`Environment: ${named}`
}
