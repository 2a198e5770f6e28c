import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { rightsOfPersonQuery, type Right } from '../../api/roles'
import table from '../../components/data-table.module.css'
import { Panel } from '../../components/panel'
import { reaches, scopeInWords } from '../../components/right-words'
import classes from './person.module.css'

/** All that a person may do, how far, and by what. */
export function Rights({ userId }: { userId: number }) {
  const { data: rights } = useQuery(rightsOfPersonQuery(userId))
  if (!rights) return null
  return (
    <Panel title={t`What they may do`}>
      <table className={`${table.table} ${classes.rights}`}>
        <thead>
          <tr>
            <th scope="col">{t`Right`}</th>
            <th scope="col">{t`Whose`}</th>
            <th scope="col">{t`By`}</th>
          </tr>
        </thead>
        <tbody>
          {rights.map((right) => (
            <tr key={right.scope}>
              <th scope="row">{scopeInWords(right.scope)}</th>
              <td>{reaches()[right.reach]}</td>
              <td>
                <Sources right={right} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function Sources({ right }: { right: Right }) {
  return (
    <ul className={classes.sources}>
      {right.sources.map(({ role, group, reach }) => (
        <li key={`${role} ${group?.slug ?? ''}`}>
          {group ? (
            <Trans>role {role} by <Link to={`/groups/${String(group.id)}`}>{group.name}</Link></Trans>
          ) : (
            t`role ${role}`
          )}
          {reach !== right.reach && ` (${reaches()[reach]})`}
        </li>
      ))}
    </ul>
  )
}
