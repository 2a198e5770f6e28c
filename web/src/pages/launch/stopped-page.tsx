import { t } from '@lingui/core/macro'
import { Button, Loader } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop, IconTrash } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { Desktop } from '../../api/client'
import { useStart } from '../../api/queries'
import { Message } from '../../components/message-page'
import { showProblem } from '../../components/notices'
import { OwnerMessage } from '../../components/owner-message'
import { PageFrame } from '../../components/page-frame'
import { useUser } from '../../components/signed-in'
import { exact } from '../../components/time'
import classes from './launch.module.css'
import { WhatHappened } from './what-happened'

/** A desktop that stops, is stopped, or is on its way to be deleted. */
export function StoppedPage({ desktop }: { desktop: Desktop }) {
  const user = useUser()
  const { title, icon } = wording(desktop)
  return (
    <PageFrame title={title} user={user}>
      <Message icon={icon} title={title} text={<Since desktop={desktop} />}>
        {desktop.state === 'stopped' && desktop.wanted !== 'deleted' && <StartButton id={desktop.id} />}
        <Button component={Link} to="/" variant="default">
          {t`To your desktops`}
        </Button>
      </Message>
      <section className={classes.below}>
        <OwnerMessage desktop={desktop} />
        {desktop.wanted !== 'deleted' && <WhatHappened desktop={desktop} />}
      </section>
    </PageFrame>
  )
}

function wording({ name, state, wanted }: Desktop) {
  if (wanted === 'deleted') return { title: t`${name} is deleted`, icon: <IconTrash size={36} /> }
  if (state === 'stopping') return { title: t`${name} is stopping`, icon: <Loader size={34} /> }
  return { title: t`${name} is stopped`, icon: <IconPlayerStop size={36} /> }
}

function Since({ desktop }: { desktop: Desktop }) {
  return (
    <>
      {desktop.reason && <>{desktop.reason} </>}
      {t`Since ${exact(desktop.state_since)}. The files in your home folder are kept.`}
    </>
  )
}

function StartButton({ id }: { id: number }) {
  const start = useStart()
  return (
    <Button
      leftSection={<IconPlayerPlay size={18} aria-hidden="true" />}
      loading={start.isPending}
      onClick={() => {
        start.mutate(id, { onError: showProblem })
      }}
    >
      {t`Start again`}
    </Button>
  )
}
