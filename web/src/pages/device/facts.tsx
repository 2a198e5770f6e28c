import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Device } from '../../api/devices'
import { RelativeTime } from '../../components/relative-time'
import classes from './facts.module.css'

/** What is known of a computer. */
export function Facts({ device }: { device: Device }) {
  return (
    <dl className={classes.facts}>
      <Fact name="Room">
        <Whereabouts device={device} />
      </Fact>
      <Fact name="Last seen">{device.last_seen_at ? <RelativeTime at={device.last_seen_at} /> : 'Never'}</Fact>
      <Fact name="Added">
        <RelativeTime at={device.enrolled_at} />
      </Fact>
      {device.template && <Fact name="Installed from">{device.template}</Fact>}
      <Fact name="Token">{device.has_token ? 'Has one' : 'None'}</Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
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
