import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconDownload, IconPlugConnectedX, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { downloadOf, contentQuery, recordingQuery, type Recording } from '../../api/recordings'
import { isStatus, messageOf } from '../../api/problem'
import { may } from '../../api/rights'
import { Fact, Facts } from '../../components/facts'
import { LoadFailure } from '../../components/load-failure'
import { Message } from '../../components/message-page'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { RelativeTime } from '../../components/relative-time'
import { useUser } from '../../components/signed-in'
import { Pill } from '../../components/status'
import { NotFoundPage } from '../not-found/not-found-page'
import { DeleteRecordingDialog } from './delete-recording-dialog'
import { Looks } from './looks'
import classes from './recordings.module.css'
import { Stage } from './stage'
import { endOf, sizeWords } from './words'

/** A recording to be played. */
export default function RecordingPage() {
  const { id } = useParams()
  const number = Number(id)
  return Number.isSafeInteger(number) ? <RecordingById key={number} id={number} /> : <NotFoundPage what="recording" />
}

function RecordingById({ id }: { id: number }) {
  const { data, error, refetch } = useQuery(recordingQuery(id))
  const user = useUser()
  if (isStatus(error, 404)) return <NotFoundPage what="recording" />
  return (
    <PageFrame title={data ? t`Recording of ${data.desktop.name}` : t`Recording`} user={user}>
      {data && <Shown recording={data} />}
      {!data && error && <LoadFailure title={t`The recording could not be loaded`} error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={420} radius={12} aria-hidden="true" />}
    </PageFrame>
  )
}

function Shown({ recording }: { recording: Recording }) {
  const [isDeleting, setIsDeleting] = useState(false)
  const navigate = useNavigate()
  return (
    <>
      <PageHead title={t`Recording of ${recording.desktop.name}`}>
        <Button component={Link} to="/recordings" variant="subtle">
          {t`All recordings`}
        </Button>
        <Button component="a" href={downloadOf(recording.id)} download variant="default" leftSection={<IconDownload size={18} aria-hidden="true" />}>
          {t`Download`}
        </Button>
        {may(useUser(), 'recordings:write', 'group') && (
          <Button
            variant="subtle"
            color="red"
            disabled={recording.ended_at === null}
            leftSection={<IconTrash size={18} aria-hidden="true" />}
            onClick={() => {
              setIsDeleting(true)
            }}
          >
            {t`Delete…`}
          </Button>
        )}
      </PageHead>
      <Content recording={recording} />
      <About recording={recording} />
      {isDeleting && (
        <DeleteRecordingDialog
          recording={recording}
          onDone={() => void navigate('/recordings')}
          onClose={() => {
            setIsDeleting(false)
          }}
        />
      )}
    </>
  )
}

function Content({ recording: { id, protocol } }: { recording: Recording }) {
  const { data, error } = useQuery(contentQuery(id))
  if (data) return <Stage file={data} protocol={protocol} />
  if (error) {
    return <Message icon={<IconPlugConnectedX size={36} />} title={t`It can’t be played`} text={messageOf(error)} />
  }
  return <Skeleton height={420} radius={12} aria-hidden="true" />
}

function About({ recording }: { recording: Recording }) {
  const { template, owner, viewer, began_at, bytes, looks } = recording
  return (
    <div className={classes.about}>
      <Facts>
        <Fact name={t`Used by`}>{viewer.username}</Fact>
        <Fact name={t`Desktop of`}>{owner.username}</Fact>
        <Fact name={t`Made of`}>{template.name}</Fact>
        <Fact name={t`Began`}>
          <RelativeTime at={began_at} />
        </Fact>
        <Fact name={t`Size`}>{sizeWords(bytes)}</Fact>
        <Fact name={t`State`}>
          <Pill {...endOf(recording)} />
        </Fact>
      </Facts>
      <h2>{t`Who was given it`}</h2>
      <Looks looks={looks} />
    </div>
  )
}
