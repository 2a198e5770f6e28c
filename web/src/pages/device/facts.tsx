import { t } from '@lingui/core/macro'
import { Link } from 'react-router'
import type { Device } from '../../api/devices'
import { Fact, Facts } from '../../components/facts'
import { RelativeTime } from '../../components/relative-time'

/** What is known of a computer. */
export function DeviceFacts({ device }: { device: Device }) {
  return (
    <Facts>
      <Fact name={t`Room`}>
        <Whereabouts device={device} />
      </Fact>
      {device.owner && (
        <Fact name={t`Owner`}>
          <Link to={`/people/${device.owner.id}`}>{device.owner.username}</Link>
        </Fact>
      )}
      <Fact name={t`Last seen`}>{device.last_seen_at ? <RelativeTime at={device.last_seen_at} /> : t`Never`}</Fact>
      <Fact name={t`Added`}>
        <RelativeTime at={device.enrolled_at} />
      </Fact>
      {device.template && <Fact name={t`Installed from`}>{device.template}</Fact>}
      <Fact name={t`Token`}>{device.has_token ? t`Has one` : t({ message: 'None', context: 'a token or a volume' })}</Fact>
    </Facts>
  )
}

function Whereabouts({ device: { room, row, column } }: { device: Device }) {
  if (!room) return t({ message: 'None', context: 'a room or a day' })
  return (
    <>
      <Link to={`/rooms/${room.id}`}>{room.name}</Link>
      {row !== null && <span>{t`row ${row}, column ${column ?? ''}`}</span>}
    </>
  )
}
