import type { Desktop } from '../api/client'

/** "Thesis at /storage, Data at /shared/data (to read)" */
export function volumeWords({ volumes }: Desktop): string {
  return volumes
    .map(({ name, path, is_read_only }) => `${name} at ${path}${is_read_only ? ' (to read)' : ''}`)
    .join(', ')
}
