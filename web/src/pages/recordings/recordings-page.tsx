import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { recordingsQuery, type Recording } from '../../api/recordings'
import table from '../../components/data-table.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { inOwnLanguage } from '../../components/own-language'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { leadsTo } from '../../components/places'
import { useUser } from '../../components/signed-in'
import { DeleteRecordingDialog } from './delete-recording-dialog'
import { RecordingsTable } from './recordings-table'
import classes from './recordings.module.css'

const teaching =
  inOwnLanguage(() => t`A template can have what its desktops show recorded. People are told, and each time somebody plays it, too.`)

/** What the desktops of everyone within reach showed, to be played. */
export default function RecordingsPage() {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(recordingsQuery)
  const user = useUser()
  const [deleting, setDeleting] = useState<Recording | null>(null)
  const recordings = data?.pages.flatMap(({ items }) => items)
  const keptDays = data?.pages[0]?.kept_days
  return (
    <PageFrame title={t`Recordings`} user={user}>
      <PageHead title={t`Recordings`} />
      {recordings?.length === 0 && (
        <Empty text={teaching()}>
          {leadsTo(user, '/templates') && (
            <Button component={Link} to="/templates" variant="light">
              {t`To the templates`}
            </Button>
          )}
        </Empty>
      )}
      {recordings && recordings.length > 0 && (
        <>
          <p className={classes.kept}>
            {keptDays ? t`Each is deleted ${keptDays} days after it ended.` : t`They are kept until somebody deletes them.`}
          </p>
          <RecordingsTable recordings={recordings} onDelete={setDeleting} />
        </>
      )}
      {hasNextPage && (
        <div className={table.more}>
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t`Older ones`}
          </Button>
        </div>
      )}
      {!data && error && (
        <LoadFailure title={t`The recordings could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={220} radius={12} aria-hidden="true" />}
      {deleting && (
        <DeleteRecordingDialog
          recording={deleting}
          onClose={() => {
            setDeleting(null)
          }}
        />
      )}
    </PageFrame>
  )
}
