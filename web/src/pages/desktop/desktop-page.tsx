import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useParams } from 'react-router'
import type { Desktop } from '../../api/client'
import { isStatus, messageOf } from '../../api/problem'
import { desktopQuery } from '../../api/queries'
import { Message } from '../../components/message-page'
import { PageFrame } from '../../components/page-frame'
import { useUser } from '../../components/signed-in'
import { Splash } from '../../components/splash'
import { FailedPage } from '../launch/failed-page'
import { LaunchPage } from '../launch/launch-page'
import { StoppedPage } from '../launch/stopped-page'
import { NotFoundPage } from '../not-found/not-found-page'

const VncPage = lazy(() => import('./vnc-page'))
const GuacamolePage = lazy(() => import('./guacamole-page'))

/** A desktop by its address: its launch, its screen, or why there is none, as its state goes. */
export default function DesktopPage() {
  const { id } = useParams()
  const number = Number(id)
  return Number.isSafeInteger(number) ? <DesktopById key={number} id={number} /> : <NotFoundPage what="desktop" />
}

function DesktopById({ id }: { id: number }) {
  const { data, error, isFetching, refetch } = useQuery(desktopQuery(id))
  const user = useUser()
  if (isStatus(error, 404) || isStatus(error, 403)) return <NotFoundPage what="desktop" />
  if (data) return <DesktopByState desktop={data} />
  if (!error) return <Splash />
  return (
    <PageFrame title={t`Not loaded`} user={user}>
      <Message icon={<IconPlugConnectedX size={36} />} title={t`The desktop could not be loaded`} text={messageOf(error)}>
        <Button loading={isFetching} onClick={() => void refetch()}>
          {t`Try again`}
        </Button>
      </Message>
    </PageFrame>
  )
}

function DesktopByState({ desktop }: { desktop: Desktop }) {
  switch (desktop.wanted === 'deleted' ? 'stopping' : desktop.state) {
    case 'pending':
    case 'starting':
      return <LaunchPage desktop={desktop} />
    case 'running':
      return (
        <Suspense fallback={<Splash />}>
          {desktop.protocol === 'vnc' ? <VncPage desktop={desktop} /> : <GuacamolePage desktop={desktop} />}
        </Suspense>
      )
    case 'stopping':
    case 'stopped':
      return <StoppedPage desktop={desktop} />
    case 'failed':
      return <FailedPage desktop={desktop} />
  }
}
