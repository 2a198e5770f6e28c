import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { allAnnouncementsQuery, useDeleteAnnouncement, type Announcement } from '../../api/announcements'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { showDone, showProblem } from '../../components/notices'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { useUser } from '../../components/signed-in'
import { AnnouncementDialog } from './announcement-dialog'
import { AnnouncementsTable } from './announcements-table'

type Asking = { announcement: Announcement | null } | null

/** What administrators have people know, past and to come. */
export default function AnnouncementsPage() {
  const [asking, setAsking] = useState<Asking>(null)
  const { data, error, refetch } = useQuery(allAnnouncementsQuery)
  const remove = useDeleteAnnouncement()
  const add = () => {
    setAsking({ announcement: null })
  }
  return (
    <PageFrame title={t`Announcements`} user={useUser()}>
      <PageHead title={t`Announcements`}>
        {data?.length !== 0 && (
          <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={add}>
            {t`Announce something`}
          </Button>
        )}
      </PageHead>
      {!data && error && (
        <LoadFailure title={t`The announcements could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={220} radius={12} aria-hidden="true" />}
      {data?.length === 0 && (
        <Empty text={t`An announcement is a bar on top of everybody’s pages, or of some groups’, from one time to another.`}>
          <Button variant="light" onClick={add}>
            {t`Write the first`}
          </Button>
        </Empty>
      )}
      {data && data.length > 0 && (
        <AnnouncementsTable
          announcements={data}
          onEdit={(announcement) => {
            setAsking({ announcement })
          }}
          onDelete={({ id }) => {
            remove.mutateAsync(id).then(() => {
              showDone(t`The announcement is taken away.`)
            }, showProblem)
          }}
        />
      )}
      {asking && (
        <AnnouncementDialog
          announcement={asking.announcement}
          onClose={() => {
            setAsking(null)
          }}
        />
      )}
    </PageFrame>
  )
}
