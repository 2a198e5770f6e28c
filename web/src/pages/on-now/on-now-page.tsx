import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { IconDownload } from '@tabler/icons-react'
import { useDeferredValue, useMemo } from 'react'
import { Link } from 'react-router'
import { onlineQuery, signInEvents, type Online } from '../../api/online'
import { may } from '../../api/rights'
import type { SignIn } from '../../api/sign-ins'
import { saveFile } from '../../components/activity/save-file'
import { ConnectionBar } from '../../components/connection-bar'
import { Empty } from '../../components/empty'
import { FilterField, useFilter } from '../../components/filter-field'
import { matching } from '../../components/key-filter'
import { useLive } from '../../components/live'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { useUser } from '../../components/signed-in'
import { Counts } from './counts'
import { asFile } from './export'
import { fields } from './filter'
import { OnNowTable } from './on-now-table'

/** Everyone who sits at a computer, as they come and go. */
export default function OnNowPage() {
  const client = useQueryClient()
  const liveness = useLive(useMemo(() => signInEvents(client), [client]))
  const { data } = useQuery(onlineQuery)
  const [filter, setFilter] = useFilter()
  const found = useFound(data, useDeferredValue(filter))
  return (
    <PageFrame title={t`Who is on now`} user={useUser()}>
      <PageHead title={t`Who is on now`}>
        <FilterField
          label={t`Filter by person, computer, room and what they do`}
          keys={Object.keys(fields)}
          filter={filter}
          onChange={setFilter}
        />
        <Button
          variant="default"
          leftSection={<IconDownload size={17} aria-hidden="true" />}
          disabled={found.length === 0}
          onClick={() => {
            saveFile(asFile(found))
          }}
        >
          {t`Export CSV`}
        </Button>
      </PageHead>
      {data && <Counts online={data} />}
      {data && found.length > 0 && <OnNowTable found={found} online={data.signIns} filter={filter} />}
      {data && found.length === 0 && (
        <Nobody
          isFiltered={data.signIns.size > 0}
          onClear={() => {
            setFilter('')
          }}
        />
      )}
      {!data && <Skeleton height={420} radius={12} aria-hidden="true" />}
      <ConnectionBar liveness={liveness} />
    </PageFrame>
  )
}

/** Who matches the filter, the newest first. */
function useFound(online: Online | undefined, filter: string): SignIn[] {
  const signIns = online?.signIns
  const newestFirst = useMemo(
    () => [...(signIns?.values() ?? [])].sort((one, other) => (one.started_at < other.started_at ? 1 : -1)),
    [signIns],
  )
  return useMemo(() => matching(newestFirst, filter, fields), [newestFirst, filter])
}

function Nobody({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const user = useUser()
  if (isFiltered) {
    return (
      <Empty text={t`Nobody who is on now has all of these words.`}>
        <Button variant="light" onClick={onClear}>
          {t`Show everyone`}
        </Button>
      </Empty>
    )
  }
  if (!may(user, 'activity:read', 'all')) {
    return (
      <Empty text={t`Nobody whom you look after sits at a computer right now: whoever signs in at one shows up here at once.`} />
    )
  }
  return (
    <Empty text={t`Nobody sits at a computer right now: whoever signs in at one that is enrolled shows up here at once.`}>
      <Button component={Link} to="/devices" variant="light">
        {t`See the computers`}
      </Button>
    </Empty>
  )
}
