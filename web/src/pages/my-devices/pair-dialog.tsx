import { Button } from '@mantine/core'
import { usePairingCode } from '../../api/own-devices'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { showProblem } from '../../components/notices'
import { SecretField } from '../../components/secret-field'
import { exact } from '../../components/time'

/** Makes a code with which a computer becomes one's own, and shows the line to type there. */
export function PairDialog({ onClose }: { onClose: () => void }) {
  const create = usePairingCode()
  const make = () => {
    create.mutateAsync().catch(showProblem)
  }
  return (
    <Dialog title="Pair a computer" isOpen onClose={onClose} size="lg">
      <div className={dialogForm}>
        <p>Install Deskbay’s agent on the computer you work at, and give it a code from here: it is yours then.</p>
        {create.data && <Code code={create.data.code} expiresAt={create.data.expires_at} />}
        <DialogActions>
          <Button variant="default" onClick={onClose}>
            {create.data ? 'Done' : 'Cancel'}
          </Button>
          <Button onClick={make} loading={create.isPending} data-autofocus>
            {create.data ? 'Make another code' : 'Make a code'}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}

function Code({ code, expiresAt }: { code: string; expiresAt: string }) {
  return (
    <>
      <SecretField
        label="Type this in a terminal there"
        secret={`deskbay agent pair ${window.location.origin} ${code} --service`}
      />
      <SecretField label="The code alone" secret={code} />
      <p>Good for one computer, once, until {exact(expiresAt)}. A new code makes this one void.</p>
    </>
  )
}
