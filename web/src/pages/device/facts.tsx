import { Link } from 'react-router'
import type { Device } from '../../api/devices'
import { Fact, Facts } from '../../components/facts'
import { RelativeTime } from '../../components/relative-time'

/** What is known of a computer. */
export function DeviceFacts({ device }: { device: Device }) {
  return (
    <Facts>
      <Fact name="Room">
        <Whereabouts device={device} />
      </Fact>
      {device.owner && (
        <Fact name="Owner">
          <Link to={`/people/${device.owner.id}`}>{device.owner.username}</Link>
        </Fact>
      )}
      <Fact name="Last seen">{device.last_seen_at ? <RelativeTime at={device.last_seen_at} /> : 'Never'}</Fact>
      <Fact name="Added">
        <RelativeTime at={device.enrolled_at} />
      </Fact>
      {device.template && <Fact name="Installed from">{device.template}</Fact>}
      <Fact name="Token">{device.has_token ? 'Has one' : 'None'}</Fact>
    </Facts>
  )
}

function Whereabouts({ device: { room, row, column } }: { device: Device }) {
  if (!room) return 'None'
  return (
    <>
      <Link to={`/rooms/${room.id}`}>{room.name}</Link>
      {row !== null && <span>{`row ${row}, column ${column ?? ''}`}</span>}
    </>
  )
}
