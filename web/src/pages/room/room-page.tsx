import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconMapOff } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useParams } from 'react-router'
import { isStatus } from '../../api/problem'
import { mapEvents, mapQuery, type RoomMap } from '../../api/rooms'
import { ConnectionBar } from '../../components/connection-bar'
import { useLive } from '../../components/live'
import { LoadFailure } from '../../components/load-failure'
import { Message } from '../../components/message-page'
import { PageFrame } from '../../components/page-frame'
import { useUser } from '../../components/signed-in'
import { RoomView } from './room-view'

export default function RoomPage() {
  const id = Number(useParams().id)
  const user = useUser()
  const { data, error, refetch } = useQuery({ ...mapQuery(id), enabled: Number.isSafeInteger(id) })
  const isMissing = !Number.isSafeInteger(id) || isStatus(error, 404)
  return (
    <PageFrame title={data?.room.name ?? t`Room`} user={user}>
      {isMissing && <NoRoom />}
      {!isMissing && data && <LiveRoom key={id} map={data} />}
      {!data && error && !isMissing && (
        <LoadFailure title={t`The room could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && !isMissing && <Skeleton height={480} radius={16} aria-hidden="true" />}
    </PageFrame>
  )
}

function NoRoom() {
  return (
    <Message icon={<IconMapOff size={36} />} title={t`There is no such room`} text={t`It may have been deleted.`}>
      <Button component={Link} to="/rooms">
        {t`To the rooms`}
      </Button>
    </Message>
  )
}

function LiveRoom({ map }: { map: RoomMap }) {
  const client = useQueryClient()
  const { id } = map.room
  const liveness = useLive(useMemo(() => mapEvents(client, id), [client, id]))
  return (
    <>
      <RoomView map={map} />
      <ConnectionBar liveness={liveness} />
    </>
  )
}
