import { plural } from '@lingui/core/macro'
import { toOneDecimal } from './own-language'

/** "2 GB", "512 MB"; of so many MiB */
export function memoryWords(memory_mb: number): string {
  return memory_mb < 1024 ? `${memory_mb} MB` : `${toOneDecimal(memory_mb / 1024)} GB`
}

/** "1 processor", "1.5 processors" */
export function cpuWords(cpus: number): string {
  return plural(cpus, { one: '# processor', other: '# processors' })
}
