import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import type { Desktop } from '../../api/client'
import { useDelete, useStop } from '../../api/queries'
import { showDone, showProblem } from '../../components/notices'
import { PageFrame } from '../../components/page-frame'
import { useUser } from '../../components/signed-in'
import { DesktopHead } from './desktop-head'
import classes from './launch.module.css'
import { Log } from './log'
import { Steps } from './steps'

/** A launch on its way: what is being done, for how long, and a way to call it off. */
export function LaunchPage({ desktop }: { desktop: Desktop }) {
  useEffect(() => {
    // The screen comes next: have it at hand.
    void import('../desktop/screen-page')
  }, [])
  return (
    <PageFrame title={t`Starting ${desktop.name}`} user={useUser()}>
      <section className={classes.card}>
        <DesktopHead desktop={desktop}>
          <CancelButton desktop={desktop} />
        </DesktopHead>
        <Steps steps={desktop.steps} isGoingOn />
        <Log id={desktop.id} isGoingOn />
      </section>
    </PageFrame>
  )
}

/** A desktop whose present launch is not its first; both have one time to the first launch. */
function wasUsed({ started_at, created_at }: Desktop): boolean {
  return started_at !== created_at
}

/** A first launch that is called off leaves nothing behind; a later one leaves the desktop as it was, stopped. */
function CancelButton({ desktop }: { desktop: Desktop }) {
  const navigate = useNavigate()
  const stop = useStop()
  const remove = useDelete()
  const leave = () => {
    showDone(t`The launch of ${desktop.name} is called off.`)
    void navigate('/')
  }
  return (
    <Button
      className={classes.cancel}
      variant="default"
      loading={stop.isPending || remove.isPending}
      onClick={() => {
        const calledOff = wasUsed(desktop) ? stop.mutateAsync(desktop.id) : remove.mutateAsync(desktop.id)
        calledOff.then(leave, showProblem)
      }}
    >
      {t`Cancel`}
    </Button>
  )
}
