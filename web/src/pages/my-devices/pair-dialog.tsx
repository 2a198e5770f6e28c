import { t } from '@lingui/core/macro'
import { usePairingCode } from '../../api/own-devices'
import { CodeDialog } from '../../components/code-dialog'
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
    <CodeDialog
      title={t`Pair a computer`}
      isMade={create.isSuccess}
      isBusy={create.isPending}
      onMake={make}
      onClose={onClose}
    >
      <p>{t`Install Deskbay’s agent on the computer you work at, and give it a code from here: it is yours then.`}</p>
      {create.data && <Code code={create.data.code} expiresAt={create.data.expires_at} />}
    </CodeDialog>
  )
}

function Code({ code, expiresAt }: { code: string; expiresAt: string }) {
  return (
    <>
      <SecretField
        label={t`Type this in a terminal there`}
        secret={t`deskbay agent pair ${window.location.origin} ${code} --service`}
      />
      <SecretField label={t`The code alone`} secret={code} />
      <p>{t`Good for one computer, once, until ${exact(expiresAt)}. A new code makes this one void.`}</p>
    </>
  )
}
