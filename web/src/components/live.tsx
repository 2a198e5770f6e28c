import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { Outlet } from 'react-router'
import { ownEvents } from '../api/events'
import { LiveStream, type Liveness, type Topic } from '../api/live-stream'
import { ConnectionBar } from './connection-bar'
import { useUser } from './signed-in'

/** Listens to a topic, which has to stay the same one, while the component is shown. */
export function useLive(topic: Topic): Liveness {
  const client = useQueryClient()
  const [liveness, setLiveness] = useState<Liveness>('connecting')
  useEffect(() => {
    const stream = new LiveStream(client, topic, setLiveness)
    stream.start()
    return () => {
      stream.stop()
    }
  }, [client, topic])
  return liveness
}

/**
 * Keeps the pages below it level with a person's desktops.
 *
 * Pages that listen to another topic stand outside of it, so that no tab holds more than one stream.
 */
export function LiveDesktops() {
  const user = useUser()
  const client = useQueryClient()
  const liveness = useLive(useMemo(() => ownEvents(client, user.id), [client, user.id]))
  return (
    <>
      <Outlet context={user} />
      <ConnectionBar liveness={liveness} />
    </>
  )
}
