import { Link } from 'react-router'
import { leadsTo } from './places'
import { useUser } from './signed-in'

/** A link for whose rights lead there; for others its words alone. */
export function PlaceLink({ to, children }: { to: string; children: string }) {
  return leadsTo(useUser(), to) ? <Link to={to}>{children}</Link> : children
}
