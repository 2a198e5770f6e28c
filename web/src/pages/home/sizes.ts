import type { Template } from '../../api/client'

export type Size = { memory_mb: number; cpus: number }

/** The size to begin with: as at the last launch, where the template still has that. */
export function usualSize(template: Template): Size {
  const { memory_mb, cpus, last_launch: last } = template
  return {
    memory_mb: last && memoryChoices(template).includes(last.memory_mb) ? last.memory_mb : memory_mb,
    cpus: last && cpuChoices(template).includes(last.cpus) ? last.cpus : cpus,
  }
}

/** The amounts of memory to choose from, in MiB. */
export function memoryChoices({ least_memory_mb, memory_mb, most_memory_mb }: Template): number[] {
  return doublings(least_memory_mb, memory_mb, most_memory_mb)
}

/** The processor times to choose from, in cores. */
export function cpuChoices({ least_cpus, cpus, most_cpus }: Template): number[] {
  return doublings(least_cpus, cpus, most_cpus)
}

/** From the least to the most, each twice the one before; the usual one is among them. */
function doublings(least: number, usual: number, most: number): number[] {
  const choices = new Set([usual, most])
  for (let choice = least; choice < most; choice *= 2) choices.add(choice)
  return [...choices].sort((one, other) => one - other)
}
