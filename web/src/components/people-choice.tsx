import { t } from '@lingui/core/macro'
import { useQuery, type keepPreviousData } from '@tanstack/react-query'
import { useState } from 'react'
import { foundPeopleQuery } from '../api/people'
import { Choice } from './choice'

export type Named = { id: number; username: string; full_name?: string | null }

type Finder = (search: string) => {
  queryKey: string[]
  queryFn: () => Promise<Named[]>
  placeholderData: typeof keepPreviousData
}

type Props = { label: string; chosen: Named[]; onChange: (chosen: Named[]) => void; find?: Finder }

/** People to be searched and ticked: everyone, unless `find` knows of fewer. */
export function PeopleChoice({ find = foundPeopleQuery, ...rest }: Props) {
  const [search, setSearch] = useState('')
  const { data: found = [], error } = useQuery(find(search))
  return (
    <Choice
      {...rest}
      what={t`People`}
      none={t`Nobody is called that.`}
      search={search}
      onSearch={setSearch}
      found={found}
      error={error}
      nameOf={({ full_name, username }) => (full_name ? `${full_name} (${username})` : username)}
    />
  )
}
