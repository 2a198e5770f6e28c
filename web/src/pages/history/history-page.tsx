import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor, Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { ownHistoryQuery } from '../../api/audit'
import { AuditTable } from '../../components/audit-table'
import classes from '../../components/audit.module.css'
import table from '../../components/data-table.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { useUser } from '../../components/signed-in'

/** What others did to or with one's things, and where one says what is collected. */
export default function HistoryPage() {
  const { data, error, refetch, ...more } = useInfiniteQuery(ownHistoryQuery)
  const found = data?.pages.flatMap(({ items }) => items)
  return (
    <PageFrame title={t`My history and privacy`} user={useUser()}>
      <PageHead title={t`My history and privacy`} />
      <p className={classes.aside}>
        <Trans>What others, or Deskbay itself, did to or with things of yours: who stopped a desktop of yours and why, who looked
        into it or entered it. What is collected of what you do, and how you leave things out, download it or erase it, is
        on{' '}
        <Anchor component={Link} to="/my-devices" underline="always">
          My devices
        </Anchor>
        .</Trans>
      </p>
      {!data && error && (
        <LoadFailure title={t`Your history could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={320} radius={12} aria-hidden="true" />}
      {found && found.length > 0 && <AuditTable entries={found} hasLinks={false} />}
      {found?.length === 0 && (
        <Empty text={t`Nobody has done anything to or with things of yours. Should somebody, it is told here.`}>
          <Button variant="light" component={Link} to="/">
            {t`To your desktops`}
          </Button>
        </Empty>
      )}
      {more.hasNextPage && (
        <div className={table.more}>
          <Button variant="default" loading={more.isFetchingNextPage} onClick={() => void more.fetchNextPage()}>
            {t`Show older ones`}
          </Button>
        </div>
      )}
    </PageFrame>
  )
}
