import { Button, Loader, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect } from 'react'
import { Navigate, Outlet, useLocation, useOutletContext } from 'react-router'
import type { User } from '../api/client'
import { messageOf } from '../api/problem'
import { meQuery } from '../api/queries'
import { Message } from './message-page'
import { writeIn } from './own-language'
import { PageLoading } from './page-loading'
import { Splash } from './splash'

/** Shows the pages below it to a person who is signed in; sends others to sign in first. */
export function SignedIn() {
  const me = useQuery(meQuery)
  const { pathname, search } = useLocation()
  useOwnColours(me.data)
  writeIn(me.data?.language ?? null)
  if (me.data) return <PageLoading><Outlet context={me.data} /></PageLoading>
  if (me.data === null) return <Navigate to={signInPath(pathname + search)} replace />
  if (me.isPending) return <Splash />
  return (
    <main>
      <title>Not connected · Deskbay</title>
      <Message icon={<IconPlugConnectedX size={36} />} title="Not connected" text={messageOf(me.error)}>
        <Button onClick={() => void me.refetch()} leftSection={me.isFetching && <Loader size={16} color="white" />}>
          Try again
        </Button>
      </Message>
    </main>
  )
}

/** Shows pages in the colours that the person chose, on whichever device. */
function useOwnColours(user: User | null | undefined): void {
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const theme = user?.theme
  useEffect(() => {
    if (theme) setColorScheme(theme)
    // Only when it changes: the function is another one each time.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [theme])
}

function signInPath(returnTo: string): string {
  return returnTo === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ next: returnTo }).toString()}`
}

/** Who is signed in, for the pages below SignedIn. */
export function useUser(): User {
  return useOutletContext<User>()
}
