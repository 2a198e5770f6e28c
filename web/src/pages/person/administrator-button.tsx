import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useChangeRole, type Person } from '../../api/people'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { showDone, showProblem } from '../../components/notices'
import { useUser } from '../../components/signed-in'

/** Makes somebody an administrator of the server, or one no more. */
export function AdministratorButton({ person }: { person: Person }) {
  const [isAsking, setIsAsking] = useState(false)
  const change = useChangeRole(person.id)
  const user = useUser()
  if (user.role !== 'administrator') return null
  const name = person.full_name ?? person.username
  const isOne = person.role === 'administrator'
  const close = () => {
    setIsAsking(false)
  }
  const run = () => {
    change.mutateAsync(isOne ? 'user' : 'administrator').then(() => {
      close()
      showDone(isOne ? t`${name} is no administrator any more.` : t`${name} is an administrator now.`)
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
        {isOne ? t`Administrator no more` : t`Make administrator`}
      </Button>
      {isAsking && (
        <Dialog title={isOne ? t`Is ${name} to be no administrator any more?` : t`Make ${name} an administrator?`} isOpen onClose={close}>
          <div className={dialogForm}>
            <p>
              {isOne
                ? t`${name} keeps what is their own, and what roles and groups let them do.`
                : t`Administrators of the server see and change everything: everyone's desktops, accounts, recordings and settings.`}
            </p>
            <DialogActions>
              <Button variant="default" onClick={close} data-autofocus>
                {t`Leave it`}
              </Button>
              <Button loading={change.isPending} onClick={run}>
                {isOne ? t`Administrator no more` : t`Make administrator`}
              </Button>
            </DialogActions>
          </div>
        </Dialog>
      )}
    </>
  )
}
