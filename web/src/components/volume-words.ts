import { t } from '@lingui/core/macro'
import type { Desktop } from '../api/client'

/** "Thesis at /storage, Data at /shared/data (to read)" */
export function volumeWords({ volumes }: Desktop): string {
  return volumes
    .map(({ name, path, is_read_only }) => (is_read_only ? t`${name} at ${path} (to read)` : t`${name} at ${path}`))
    .join(', ')
}
