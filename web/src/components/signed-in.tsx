import { Button, Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Navigate, Outlet, useLocation, useOutletContext } from 'react-router'
import type { User } from '../api/client'
import { LiveEvents, type Liveness } from '../api/events'
import { messageOf } from '../api/problem'
import { meQuery } from '../api/queries'
import { ConnectionBar } from './connection-bar'
import { Message } from './message-page'
import { PageLoading } from './page-loading'
import { Splash } from './splash'

/** Shows the pages below it to a person who is signed in, and keeps them live; sends others to sign in first. */
export function SignedIn() {
  const me = useQuery(meQuery)
  const { pathname, search } = useLocation()
  if (me.data) return <LivePages user={me.data} />
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

function signInPath(returnTo: string): string {
  return returnTo === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ next: returnTo }).toString()}`
}

function LivePages({ user }: { user: User }) {
  const liveness = useLiveEvents(user.id)
  return (
    <>
      <PageLoading>
        <Outlet context={user} />
      </PageLoading>
      <ConnectionBar liveness={liveness} />
    </>
  )
}

function useLiveEvents(userId: number): Liveness {
  const client = useQueryClient()
  const [liveness, setLiveness] = useState<Liveness>('connecting')
  useEffect(() => {
    const events = new LiveEvents(client, userId, setLiveness)
    events.start()
    return () => {
      events.stop()
    }
  }, [client, userId])
  return liveness
}

/** Who is signed in, for the pages below SignedIn. */
export function useUser(): User {
  return useOutletContext<User>()
}
