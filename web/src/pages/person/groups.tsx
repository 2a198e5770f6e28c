import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { groupsOfPersonQuery } from '../../api/groups'
import { Panel } from '../../components/panel'
import classes from './person.module.css'

/** The groups to which a person belongs, be it by one that lies in them. */
export function Groups({ userId }: { userId: number }) {
  const { data: groups } = useQuery(groupsOfPersonQuery(userId))
  if (!groups || groups.length === 0) return null
  return (
    <Panel title={t`Groups`}>
      <ul className={classes.groups}>
        {groups.map(({ id, name, is_direct, is_administrator }) => (
          <li key={id}>
            <Link to={`/groups/${id}`}>{name}</Link>
            {is_administrator && <span>{t`looks after it`}</span>}
            {!is_direct && <span>{t`by a group in it`}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
