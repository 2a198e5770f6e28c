import { describe, expect, it } from 'vitest'
import { template } from '../../tests/examples'
import { cpuChoices, memoryChoices, usualSize } from './sizes'

const last = { at: '2026-03-01T10:00:00Z', memory_mb: 4096, cpus: 1 }

describe('sizes to choose from', () => {
  it.each([
    [1024, 2048, 8192, [1024, 2048, 4096, 8192]],
    [1000, 1500, 5000, [1000, 1500, 2000, 4000, 5000]],
    [2048, 2048, 2048, [2048]],
  ])('go from the least by doubling to the most: %i, %i, %i', (least_memory_mb, memory_mb, most_memory_mb, choices) => {
    expect(memoryChoices(template({ least_memory_mb, memory_mb, most_memory_mb }))).toEqual(choices)
  })

  it('are fractions of cores, too', () => {
    expect(cpuChoices(template({ least_cpus: 0.5, cpus: 1, most_cpus: 2 }))).toEqual([0.5, 1, 2])
  })
})

describe('the size to begin with', () => {
  it('is that of the last launch', () => {
    expect(usualSize(template({ last_launch: last }))).toEqual({ memory_mb: 4096, cpus: 1 })
  })

  it('is what the template says without one, or where the template has that size no more', () => {
    expect(usualSize(template())).toEqual({ memory_mb: 2048, cpus: 2 })
    expect(usualSize(template({ most_memory_mb: 2048, last_launch: last }))).toEqual({ memory_mb: 2048, cpus: 1 })
  })
})
