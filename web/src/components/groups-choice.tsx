import { t } from '@lingui/core/macro'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { groupsQuery, type GroupBrief } from '../api/groups'
import { Choice } from './choice'

type Props = { label: string; chosen: GroupBrief[]; onChange: (chosen: GroupBrief[]) => void }

/** Groups to be searched and ticked. */
export function GroupsChoice(props: Props) {
  const [search, setSearch] = useState('')
  const { data, error } = useQuery(groupsQuery({ search, limit: 30 }))
  return (
    <Choice
      {...props}
      what={t`Groups`}
      none={search === '' ? t`There are no groups yet.` : t`No group is called that.`}
      search={search}
      onSearch={setSearch}
      found={data?.items ?? []}
      error={error}
      nameOf={({ name }) => name}
    />
  )
}
