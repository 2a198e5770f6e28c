import { t } from '@lingui/core/macro'
import { Button, Loader, useMantineColorScheme } from '@mantine/core'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect } from 'react'
import { Navigate, Outlet, useLocation, useOutletContext } from 'react-router'
import type { User } from '../api/client'
import { messageOf } from '../api/problem'
import { meQuery } from '../api/queries'
import { Message } from './message-page'
import { PageLoading } from './page-loading'
import { InLanguage } from '../words/in-language'
import { Splash } from './splash'

/** Shows the pages below it to a person who is signed in; sends others to sign in first. */
export function SignedIn() {
  const me = useQuery(meQuery)
  const { pathname, search } = useLocation()
  useOwnColours(me.data)
  if (me.data) {
    return (
      <InLanguage language={me.data.language}>
        <PageLoading><Outlet context={me.data} /></PageLoading>
      </InLanguage>
    )
  }
  if (me.data === null) return <Navigate to={signInPath(pathname + search)} replace />
  if (me.isPending) return <Splash />
  return (
    <InLanguage language={null}>
      <NotConnected me={me} />
    </InLanguage>
  )
}

function NotConnected({ me }: { me: UseQueryResult<User | null> }) {
  return (
    <main>
      <title>{t`Not connected · Deskbay`}</title>
      <Message icon={<IconPlugConnectedX size={36} />} title={t`Not connected`} text={messageOf(me.error)}>
        <Button onClick={() => void me.refetch()} leftSection={me.isFetching && <Loader size={16} color="white" />}>
          {t`Try again`}
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
