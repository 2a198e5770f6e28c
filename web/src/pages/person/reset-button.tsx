import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useResetSignIn, type Person } from '../../api/people'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { showDone, showProblem } from '../../components/notices'

/** Lets somebody in again who has lost phone and passkeys. */
export function ResetButton({ person }: { person: Person }) {
  const [isAsking, setIsAsking] = useState(false)
  const reset = useResetSignIn(person.id)
  const name = person.full_name ?? person.username
  const close = () => {
    setIsAsking(false)
  }
  const run = () => {
    reset.mutateAsync().then(() => {
      close()
      showDone(t`${name} signs in by password alone from now on.`)
    }, showProblem)
  }
  return (
    <>
      <Button
        variant="default"
        onClick={() => {
          setIsAsking(true)
        }}
      >
        {t`Reset sign-in`}
      </Button>
      {isAsking && (
        <Dialog title={t`Reset how ${name} signs in?`} isOpen onClose={close}>
          <div className={dialogForm}>
            <p>
              {t`For who has lost phone or keys: the authenticator app, recovery codes and passkeys are forgotten, and ${name} is signed out everywhere. Make sure that it is really them who asks.`}
            </p>
            <DialogActions>
              <Button variant="default" onClick={close} data-autofocus>
                {t`Keep them`}
              </Button>
              <Button color="red.9" loading={reset.isPending} onClick={run}>
                {t`Reset`}
              </Button>
            </DialogActions>
          </div>
        </Dialog>
      )}
    </>
  )
}
