import { may, type Reach, type Scope } from '../api/rights'

export type Chosen = Partial<Record<string, Reach>>

/** Writes rights as the server reads them, without what is included in others: to change is to see, too. */
export function writtenRights(chosen: Chosen): string[] {
  return Object.entries(chosen).flatMap(([scope, reach]) => {
    const writing = chosen[scope.replace(':read', ':write')]
    const isIncluded =
      scope.endsWith(':read') && writing && reach && may({ rights: { [scope]: writing } }, scope as Scope, reach)
    return reach && !isIncluded ? [`${scope}!${reach}`] : []
  })
}
