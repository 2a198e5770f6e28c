import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { auditQuery, exportAddress } from '../../api/audit'
import { AuditTable } from '../../components/audit-table'
import table from '../../components/data-table.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { SearchField } from '../../components/search-field'
import { useUser } from '../../components/signed-in'
import { Filters } from './filters'
import { questionOf, useAuditFilter } from './use-audit-filter'

/** Who did what: every change, and every look into another's things. */
export default function AuditPage() {
  const { filter, change, clear } = useAuditFilter()
  const question = questionOf(filter)
  const { data, error, refetch, ...more } = useInfiniteQuery(auditQuery(question))
  const found = data?.pages.flatMap(({ items }) => items)
  return (
    <PageFrame title={t`Audit`} user={useUser()}>
      <PageHead title={t`Audit`}>
        <SearchField
          label={t`Search by the login of who did it`}
          placeholder={t`Login of who did it`}
          text={filter.who}
          onChange={(who) => {
            change({ who })
          }}
        />
        <Button
          component="a"
          href={exportAddress(question)}
          download="audit.jsonl"
          variant="default"
          leftSection={<IconDownload size={18} aria-hidden="true" />}
        >
          {t`Export`}
        </Button>
      </PageHead>
      <Filters filter={filter} onChange={change} />
      {!data && error && (
        <LoadFailure title={t`The audit could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={420} radius={12} aria-hidden="true" />}
      {found && found.length > 0 && <AuditTable entries={found} hasLinks />}
      {found?.length === 0 && (
        <Empty text={t`Nothing like that was done in this time.`}>
          <Button variant="light" onClick={clear}>
            {t`Show everything`}
          </Button>
        </Empty>
      )}
      {more.hasNextPage && (
        <div className={table.more}>
          <Button variant="default" loading={more.isFetchingNextPage} onClick={() => void more.fetchNextPage()}>
            {t`Show older entries`}
          </Button>
        </div>
      )}
    </PageFrame>
  )
}
