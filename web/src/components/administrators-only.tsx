import { Outlet, useLocation } from 'react-router'
import { NotFoundPage } from '../pages/not-found/not-found-page'
import { leadsTo } from './places'
import { useUser } from './signed-in'

/** Shows the pages below it to whose rights lead there; to others there is nothing at these addresses. */
export function AdministratorsOnly() {
  const user = useUser()
  const { pathname } = useLocation()
  return leadsTo(user, pathname) ? <Outlet context={user} /> : <NotFoundPage />
}
