import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { Desktop } from '../../api/client'
import { useStart } from '../../api/queries'
import { showProblem } from '../../components/notices'
import { OwnerMessage } from '../../components/owner-message'
import { PageFrame } from '../../components/page-frame'
import { useUser } from '../../components/signed-in'
import { DesktopHead } from './desktop-head'
import classes from './launch.module.css'
import { Log } from './log'
import { Steps } from './steps'
import { WhatHappened } from './what-happened'

/** Why a desktop failed, how far it came, and another try. */
export function FailedPage({ desktop }: { desktop: Desktop }) {
  const start = useStart()
  return (
    <PageFrame title={t`${desktop.name} failed`} user={useUser()}>
      <section className={classes.card}>
        <DesktopHead desktop={desktop} />
        <OwnerMessage desktop={desktop} />
        <p className={classes.reason} role="alert">
          {desktop.reason ?? t`The server gave no reason. The log may tell more.`}
        </p>
        <Steps steps={desktop.steps} isGoingOn={false} />
        <Log id={desktop.id} isGoingOn={false} />
        <WhatHappened desktop={desktop} />
        <div className={classes.actions}>
          <Button
            leftSection={<IconRefresh size={18} aria-hidden="true" />}
            loading={start.isPending}
            onClick={() => {
              start.mutate(desktop.id, { onError: showProblem })
            }}
          >
            {t`Try again`}
          </Button>
          <Button component={Link} to="/" variant="default">
            {t`To your desktops`}
          </Button>
        </div>
      </section>
    </PageFrame>
  )
}
