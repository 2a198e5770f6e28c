import { serverNow } from '../../api/clock'
import type { SignIn } from '../../api/sign-ins'
import { csv } from '../../components/csv'

const heading = ['username', 'full name', 'computer', 'room', 'event', 'application', 'since', 'idle since']

/** Sign-ins as a CSV file; its times are UTC. */
export function asFile(signIns: SignIn[]): File {
  const rows = signIns.map(({ username, full_name, device, room, event, application, started_at, idle_since }) => [
    username,
    full_name ?? '',
    device,
    room ?? '',
    event ?? '',
    application ?? '',
    started_at,
    idle_since ?? '',
  ])
  const at = new Date(serverNow()).toISOString().slice(0, 16).replace(':', '-')
  return new File([csv([heading, ...rows])], `on-now-${at}.csv`, { type: 'text/csv' })
}
