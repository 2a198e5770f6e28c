import { plural, t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { secondStepQuery, useTurnOff, type SecondStep } from '../../api/second-step'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { LoadFailure } from '../../components/load-failure'
import { showDone, showProblem } from '../../components/notices'
import { Panel } from '../../components/panel'
import { RelativeTime } from '../../components/relative-time'
import { Pill } from '../../components/status'
import tones from '../../components/status.module.css'
import { NewCodesDialog } from './new-codes-dialog'
import classes from './profile.module.css'
import { SetUpDialog } from './set-up-dialog'
import { useProof } from './use-proof'

type Open = 'set-up' | 'codes' | 'off' | null

/** Codes of an authenticator app, which sign-ins by password ask for. */
export function SecondStepPanel() {
  const { data: state, error, isPending, refetch } = useQuery(secondStepQuery)
  if (isPending) return <Skeleton height={180} radius={16} aria-hidden="true" />
  if (!state) {
    return <LoadFailure title={t`Your second step could not be loaded`} error={error} onRetry={() => void refetch()} />
  }
  return (
    <Panel title={t`Second step`}>
      <Shown state={state} />
    </Panel>
  )
}

function Shown({ state }: { state: SecondStep }) {
  const [open, setOpen] = useState<Open>(null)
  const proof = useProof()
  const close = () => {
    setOpen(null)
  }
  const ask = (wanted: Open) => () => {
    proof.run(() => {
      setOpen(wanted)
    })
  }
  return (
    <div className={classes.form}>
      {state.confirmed_at ? <On state={state} since={state.confirmed_at} /> : <Off isRequired={state.is_required} />}
      <div className={classes.actions}>
        {state.confirmed_at ? (
          <>
            <Button variant="default" onClick={ask('codes')}>
              {t`New recovery codes…`}
            </Button>
            <Button variant="subtle" color="red" onClick={ask('off')}>
              {t`Turn off…`}
            </Button>
          </>
        ) : (
          <Button variant="default" onClick={ask('set-up')}>
            {t`Set up an app`}
          </Button>
        )}
      </div>
      {proof.dialog}
      {open === 'set-up' && <SetUpDialog onClose={close} />}
      {open === 'codes' && <NewCodesDialog onClose={close} />}
      {open === 'off' && <TurnOffDialog isRequired={state.is_required} onClose={close} />}
    </div>
  )
}

function On({ state, since }: { state: SecondStep; since: string }) {
  return (
    <>
      <p>
        <Pill word={t`On`} Icon={IconCircleCheck} tone={tones.good} /> <RelativeTime at={since} />
      </p>
      <p>
        {t`After your password, sign-ins ask for a code of your authenticator app.`} {leftWords(state.recovery_codes)}
      </p>
    </>
  )
}

function leftWords(left: number): string {
  if (left === 0) return t`You have no recovery codes left: make new ones.`
  return plural(left, { one: 'One recovery code is left: make new ones.', other: '# recovery codes are left.' })
}

function Off({ isRequired }: { isRequired: boolean }) {
  return (
    <>
      <p>
        <Pill word={t`Off`} Icon={IconCircleDashed} tone={tones.quiet} />
      </p>
      <p>
        {t`With an authenticator app on your phone, your password alone lets nobody in.`}{' '}
        {isRequired && t`This server wants it of you: you will be asked to set it up at your next sign-in.`}
      </p>
    </>
  )
}

function TurnOffDialog({ isRequired, onClose }: { isRequired: boolean; onClose: () => void }) {
  const turnOff = useTurnOff()
  const run = () => {
    turnOff.mutateAsync(undefined).then(() => {
      onClose()
      showDone(t`Sign-ins ask for no code any more.`)
    }, showProblem)
  }
  return (
    <Dialog title={t`Turn the second step off?`} isOpen onClose={onClose}>
      <div className={dialogForm}>
        <p>
          {isRequired
            ? t`This server wants one of you: your next sign-in by password asks you to set up another app.`
            : t`Your password alone will let you in again, and whoever learns it.`}
        </p>
        <DialogActions>
          <Button variant="default" onClick={onClose} data-autofocus>
            {t`Keep it`}
          </Button>
          <Button color="red.9" loading={turnOff.isPending} onClick={run}>
            {t`Turn off`}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}
