import { t } from '@lingui/core/macro'
import { PersonActivity } from '../../components/activity/person-activity'
import { PageFrame } from '../../components/page-frame'
import { useUser } from '../../components/signed-in'

export default function ActivityPage() {
  const user = useUser()
  return (
    <PageFrame title={t`My activity`} user={user}>
      <PersonActivity key={user.id} userId={user.id}>
        <h1>{t`My activity`}</h1>
      </PersonActivity>
    </PageFrame>
  )
}
