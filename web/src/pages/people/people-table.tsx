import { t } from '@lingui/core/macro'
import { Link } from 'react-router'
import type { Person } from '../../api/people'
import table from '../../components/data-table.module.css'
import { OnNow } from '../../components/on-now'
import { PlaceLink } from '../../components/place-link'
import { RelativeTime } from '../../components/relative-time'
import classes from './people.module.css'

/** People with where they are now, or when they were seen last. */
export function PeopleTable({ people, isOld }: { people: Person[]; isOld: boolean }) {
  return (
    <table className={`${table.table} ${classes.people}`} aria-busy={isOld}>
      <thead>
        <tr>
          <th scope="col">{t`Name`}</th>
          <th scope="col">{t`Login`}</th>
          <th scope="col">{t`E-mail`}</th>
          <th scope="col">{t`Last seen`}</th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr key={person.id}>
            <th scope="row">
              <Name person={person} />
            </th>
            <td>{person.username}</td>
            <td>{person.email}</td>
            <td>
              <LastSeen person={person} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Name({ person: { id, full_name, username, role } }: { person: Person }) {
  return (
    <>
      <span className={table.pair}>
        <Link to={`/people/${id}`}>{full_name ?? username}</Link>
        {role === 'administrator' && <span className={table.soft}>{t`Administrator`}</span>}
      </span>
      <span className={classes.login}>{full_name && username}</span>
    </>
  )
}

function LastSeen({ person: { seat, last_seen_at } }: { person: Person }) {
  if (seat) {
    return (
      <span className={table.pair}>
        <OnNow />
        <PlaceLink to={`/devices/${seat.device_id}`}>{seat.device}</PlaceLink>
      </span>
    )
  }
  return last_seen_at ? <RelativeTime at={last_seen_at} /> : <span className={table.soft}>{t`Never`}</span>
}
