import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { IconDeviceDesktopOff } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link, useParams } from 'react-router'
import { deviceQuery, type Device } from '../../api/devices'
import { isStatus } from '../../api/problem'
import { occupancyEvents } from '../../api/rooms'
import { ConnectionBar } from '../../components/connection-bar'
import { useLive } from '../../components/live'
import { LoadFailure } from '../../components/load-failure'
import { Message } from '../../components/message-page'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { SeatStatus } from '../../components/seat-state'
import { SignInHistory } from '../../components/sign-in-history'
import { useUser } from '../../components/signed-in'
import { DeviceFacts } from './facts'

/** One computer: what it is now, and who sat there. */
export default function DevicePage() {
  const id = Number(useParams()['id'])
  const { data: device, error, isPending, refetch } = useQuery(deviceQuery(id))
  return (
    <PageFrame title={device?.name ?? t`Device`} user={useUser()}>
      {isPending && <Skeleton height={480} radius={12} aria-hidden="true" />}
      {error && isMissing(error) && <NoDevice />}
      {error && !isMissing(error) && (
        <LoadFailure title={t`The device could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {device && <LiveDevice key={id} device={device} />}
    </PageFrame>
  )
}

/** There is none of this key, or the address has no key. */
const isMissing = (error: Error) => isStatus(error, 404) || isStatus(error, 422)

function NoDevice() {
  return (
    <Message icon={<IconDeviceDesktopOff size={36} />} title={t`There is no such device`}>
      <Button component={Link} to="/devices">
        {t`To the devices`}
      </Button>
    </Message>
  )
}

const changing: unknown[] = ['devices', 'sign-ins']

function LiveDevice({ device }: { device: Device }) {
  const client = useQueryClient()
  const topic = useMemo(
    () =>
      occupancyEvents(client, () => {
        void client.invalidateQueries({ predicate: ({ queryKey }) => changing.includes(queryKey[0]) })
      }),
    [client],
  )
  const liveness = useLive(topic)
  return (
    <>
      <PageHead title={device.name}>
        <SeatStatus state={device.state} />
      </PageHead>
      <DeviceFacts device={device} />
      <SignInHistory of={{ device_id: device.id }} />
      <ConnectionBar liveness={liveness} />
    </>
  )
}
