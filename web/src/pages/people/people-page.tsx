import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { peopleEvents, peopleQuery } from '../../api/people'
import { ConnectionBar } from '../../components/connection-bar'
import { Empty } from '../../components/empty'
import { useLive } from '../../components/live'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { Pages } from '../../components/pages'
import { SearchField } from '../../components/search-field'
import { useUser } from '../../components/signed-in'
import { PeopleTable } from './people-table'

const pageLength = 100

/** Everyone who may sign in or whom a computer reports, or those that a search finds. */
export default function PeoplePage() {
  const client = useQueryClient()
  const user = useUser()
  const liveness = useLive(useMemo(() => peopleEvents(client, user), [client, user]))
  const [address, setAddress] = useSearchParams()
  const search = address.get('filter') ?? ''
  const setSearch = (text: string) => {
    setAddress(text === '' ? {} : { filter: text }, { replace: true })
  }
  const cursor = Number(address.get('cursor')) || null
  const { data, error, isPlaceholderData, refetch } = useQuery(peopleQuery({ search, cursor, limit: pageLength }))
  return (
    <PageFrame title={t`People`} user={user}>
      <PageHead title={t`People`}>
        <SearchField label={t`Search by name, login and e-mail`} placeholder={t`Name, login, e-mail`} text={search} onChange={setSearch} />
      </PageHead>
      {!data && error && (
        <LoadFailure title={t`The people could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={420} radius={12} aria-hidden="true" />}
      {data && data.items.length > 0 && (
        <>
          <PeopleTable people={data.items} isOld={isPlaceholderData} />
          <Pages total={data.total} shown={data.items.length} next={data.next_cursor} />
        </>
      )}
      {data?.items.length === 0 && (
        <Empty text={t`Nobody has all of these words in their name, login or e-mail.`}>
          <Button
            variant="light"
            onClick={() => {
              setSearch('')
            }}
          >
            {t`Show everyone`}
          </Button>
        </Empty>
      )}
      <ConnectionBar liveness={liveness} />
    </PageFrame>
  )
}
