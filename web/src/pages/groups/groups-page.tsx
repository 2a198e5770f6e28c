import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { groupsQuery, type Group } from '../../api/groups'
import table from '../../components/data-table.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { Pages } from '../../components/pages'
import { SearchField } from '../../components/search-field'
import { useUser } from '../../components/signed-in'
import { GroupDialog } from './group-dialog'
import classes from './groups.module.css'
import { PolicyPill } from './policy-pill'

const pageLength = 100

/** The groups: all for administrators, for others those that they look after. */
export default function GroupsPage() {
  const user = useUser()
  const [isAdding, setIsAdding] = useState(false)
  const [address, setAddress] = useSearchParams()
  const navigate = useNavigate()
  const search = address.get('filter') ?? ''
  const mayAdd = user.role === 'administrator'
  const wanted = groupsQuery({ search, cursor: Number(address.get('cursor')) || null, limit: pageLength })
  const { data } = useQuery(wanted)
  const isEmpty = search === '' && data?.total === 0
  const add = () => {
    setIsAdding(true)
  }
  return (
    <PageFrame title={t`Groups`} user={user}>
      <PageHead title={t`Groups`}>
        <SearchField
          label={t`Search the groups`}
          text={search}
          onChange={(text) => {
            setAddress(text === '' ? {} : { filter: text }, { replace: true })
          }}
        />
        {mayAdd && !isEmpty && (
          <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={add}>
            {t`Add a group`}
          </Button>
        )}
      </PageHead>
      <Groups search={search} wanted={wanted} onAdd={mayAdd ? add : null} />
      {isAdding && (
        <GroupDialog
          group={null}
          onClose={() => {
            setIsAdding(false)
          }}
          onSaved={({ id }) => void navigate(`/groups/${id}`)}
        />
      )}
    </PageFrame>
  )
}

type Props = { search: string; wanted: ReturnType<typeof groupsQuery>; onAdd: (() => void) | null }

function Groups({ search, wanted, onAdd }: Props) {
  const { data, error, isPlaceholderData, refetch } = useQuery(wanted)
  if (!data) {
    return error ? (
      <LoadFailure title={t`The groups could not be loaded`} error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton height={320} radius={12} aria-hidden="true" />
    )
  }
  if (data.items.length > 0) {
    return (
      <>
        <GroupTable groups={data.items} isOld={isPlaceholderData} />
        <Pages total={data.total} shown={data.items.length} next={data.next_cursor} />
      </>
    )
  }
  if (search !== '') return <Empty text={t`No group has all of these words in its name or description.`} />
  if (!onAdd) return <Empty text={t`You look after no group. An administrator may have you look after one.`} />
  return (
    <Empty text={t`A group is a class, a course, a team: give its people templates and sessions together, and say what may be tracked.`}>
      <Button variant="light" onClick={onAdd}>
        {t`Add the first group`}
      </Button>
    </Empty>
  )
}

function GroupTable({ groups, isOld }: { groups: Group[]; isOld: boolean }) {
  return (
    <table className={`${table.table} ${classes.groups}`} aria-busy={isOld}>
      <thead>
        <tr>
          <th scope="col">{t`Name`}</th>
          <th scope="col">{t`Description`}</th>
          <th scope="col">{t`People`}</th>
          <th scope="col">{t`Tracking`}</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr key={group.id}>
            <th scope="row">
              <Link to={`/groups/${group.id}`}>{group.name}</Link>
            </th>
            <td>{group.description}</td>
            <td>{group.people}</td>
            <td>
              <PolicyPill tracking={group.tracking} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
