import { Button } from '@mantine/core'
import { useRevokeToken, type ApiToken } from '../../api/profile'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { showDone, showProblem } from '../../components/notices'

type Props = { token: ApiToken; onClose: () => void }

/** Asks before a program loses its access for good. */
export function RevokeTokenDialog({ token, onClose }: Props) {
  const revoke = useRevokeToken()
  const run = () => {
    revoke.mutateAsync(token.id).then(() => {
      onClose()
      showDone(`${token.name} is revoked.`)
    }, showProblem)
  }
  return (
    <Dialog title={`Revoke ${token.name}?`} isOpen onClose={onClose}>
      <div className={dialogForm}>
        <p>The program that has it is refused at once. This can’t be undone: it would need another token.</p>
        <DialogActions>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red.9" onClick={run} loading={revoke.isPending}>
            Revoke
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}
