import { expect, it } from 'vitest'
import { template } from '../tests/examples'
import { sizeOf } from './template-face'

it.each([
  [template({ cpus: 1, memory_mb: 512, network: 'none' }), '1 processor · 512 MB · no network'],
  [template({ cpus: 2, memory_mb: 2048, network: 'internet' }), '2 processors · 2 GB · internet'],
  [template({ cpus: 0.5, memory_mb: 1536, network: 'host' }), '0.5 processors · 1.5 GB · network of the server'],
])('sums up a template', (one, words) => {
  expect(sizeOf(one)).toBe(words)
})
