import { Outlet } from 'react-router'
import { NotFoundPage } from '../pages/not-found/not-found-page'
import { useUser } from './signed-in'

/** Shows the pages below it to administrators; to others there is nothing at these addresses. */
export function AdministratorsOnly() {
  const user = useUser()
  return user.role === 'administrator' ? <Outlet context={user} /> : <NotFoundPage />
}
