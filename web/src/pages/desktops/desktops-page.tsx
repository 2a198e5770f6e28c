import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { Link } from 'react-router'
import { allDesktopEvents, allDesktopsQuery } from '../../api/all-desktops'
import type { Desktop } from '../../api/client'
import { ConnectionBar } from '../../components/connection-bar'
import { Empty } from '../../components/empty'
import { FilterField, useFilter } from '../../components/filter-field'
import { matching } from '../../components/key-filter'
import { useLive } from '../../components/live'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { leadsTo } from '../../components/places'
import { useUser } from '../../components/signed-in'
import { DesktopsTable } from './desktops-table'
import { fields } from './filter'

/** The desktops of everyone within reach, as they come, change and go. */
export default function DesktopsPage() {
  const client = useQueryClient()
  const liveness = useLive(useMemo(() => allDesktopEvents(client), [client]))
  const { data, error, refetch } = useQuery(allDesktopsQuery)
  const [filter, setFilter] = useFilter()
  const deferred = useDeferredValue(filter)
  const found = useMemo(() => matching(data ?? [], deferred, fields), [data, deferred])
  return (
    <PageFrame title={t`All desktops`} user={useUser()}>
      <PageHead title={t`All desktops`}>
        <FilterField
          label={t`Filter by name, owner, template, status and reason`}
          keys={Object.keys(fields)}
          filter={filter}
          onChange={setFilter}
        />
      </PageHead>
      {data && data.length > 0 && <DesktopsTable found={found} all={data} filter={deferred} />}
      {data && found.length === 0 && (
        <Nothing
          desktops={data}
          onClear={() => {
            setFilter('')
          }}
        />
      )}
      {!data && error && (
        <LoadFailure title={t`The desktops could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={420} radius={12} aria-hidden="true" />}
      <ConnectionBar liveness={liveness} />
    </PageFrame>
  )
}

function Nothing({ desktops, onClear }: { desktops: Desktop[]; onClear: () => void }) {
  const user = useUser()
  if (desktops.length > 0) {
    return (
      <Empty text={t`No desktop has all of these words.`}>
        <Button variant="light" onClick={onClear}>
          {t`Show all`}
        </Button>
      </Empty>
    )
  }
  return (
    <Empty text={t`Nobody has a desktop yet: whatever people launch from the gallery shows up here at once.`}>
      {leadsTo(user, '/templates') && (
        <Button component={Link} to="/templates" variant="light">
          {t`See the templates`}
        </Button>
      )}
    </Empty>
  )
}
