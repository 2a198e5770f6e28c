import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconStack2 } from '@tabler/icons-react'
import { Link, useNavigate, useParams } from 'react-router'
import { isStatus } from '../../api/problem'
import { sessionQuery, type Session } from '../../api/sessions'
import { LoadFailure } from '../../components/load-failure'
import { Message } from '../../components/message-page'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { SessionButtons, TrashButtons } from '../../components/session/session-buttons'
import { SessionMenu } from '../../components/session/session-menu'
import { SessionStatus } from '../../components/session/session-status'
import { useUser } from '../../components/signed-in'
import { Applications } from './applications'
import { ExportItem } from './export-item'
import { SessionFacts } from './facts'
import { Restoring } from './restoring'
import { Saves } from './saves'

/** One session: its applications and how long they were used, its windows, and its saves. */
export default function SessionPage() {
  const id = Number(useParams()['id'])
  const { data: session, error, isPending, refetch } = useQuery(sessionQuery(id))
  return (
    <PageFrame title={session?.name ?? t`Session`} user={useUser()}>
      {isPending && <Skeleton height={560} radius={16} aria-hidden="true" />}
      {error && isMissing(error) && <NoSession />}
      {error && !isMissing(error) && !session && (
        <LoadFailure title={t`The session could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {session && !(error && isMissing(error)) && <Shown key={id} session={session} />}
    </PageFrame>
  )
}

/** There is none of this key, or the address has no key. */
const isMissing = (error: Error) => isStatus(error, 404) || isStatus(error, 422)

function NoSession() {
  return (
    <Message icon={<IconStack2 size={36} />} title={t`There is no such session`}>
      <Button component={Link} to="/sessions">
        {t`To your sessions`}
      </Button>
    </Message>
  )
}

function Shown({ session }: { session: Session }) {
  const navigate = useNavigate()
  const isKept = session.deleted_at === null
  const leave = () => {
    void navigate('/sessions?trash')
  }
  return (
    <>
      <PageHead title={session.name}>
        <SessionStatus session={session} />
        {isKept ? <SessionButtons session={session} /> : <TrashButtons session={session} onDeleted={leave} />}
        {isKept && (
          <SessionMenu session={session}>
            <ExportItem session={session} />
          </SessionMenu>
        )}
      </PageHead>
      <SessionFacts session={session} />
      <Restoring session={session} />
      <Applications session={session} />
      <Saves session={session} />
    </>
  )
}
