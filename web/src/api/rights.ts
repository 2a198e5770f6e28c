import type { components } from './schema'

export type Scope = components['schemas']['Scope']
export type Reach = components['schemas']['Reach']

const farther: Reach[] = ['own', 'group', 'all']

/** Tells whether somebody may do this, and at least so far. */
export function may({ rights }: { rights: Partial<Record<string, Reach>> }, scope: Scope, reach: Reach = 'own'): boolean {
  const given = rights[scope]
  return given !== undefined && farther.indexOf(given) >= farther.indexOf(reach)
}
