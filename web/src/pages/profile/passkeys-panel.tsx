import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  hasPasskeys,
  passkeysQuery,
  useAddPasskey,
  useRemovePasskey,
  useRenamePasskey,
  type Passkey,
} from '../../api/passkeys'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import lines from '../../components/lines.module.css'
import { showDone, showProblem } from '../../components/notices'
import { inOwnLanguage } from '../../components/own-language'
import { Panel } from '../../components/panel'
import { RelativeTime } from '../../components/relative-time'
import { RenameForm } from '../../components/rename-form'
import classes from './profile.module.css'
import { programName } from './program-name'
import { useProof } from './use-proof'

const teaching = inOwnLanguage(() => t`A passkey signs you in by your fingerprint, face or PIN: nothing to type, nothing to be stolen.`)
const missing = inOwnLanguage(() => t`Passkeys need HTTPS and a name: open this page at its https:// address, or ask an administrator.`)

/** The devices that sign the person in without a password. */
export function PasskeysPanel() {
  const { data: passkeys, error, isPending, refetch } = useQuery(passkeysQuery)
  if (isPending) return <Skeleton height={180} radius={16} aria-hidden="true" />
  if (!passkeys) {
    return <LoadFailure title={t`Your passkeys could not be loaded`} error={error} onRetry={() => void refetch()} />
  }
  return (
    <Panel title={t`Passkeys`}>
      {passkeys.length === 0 ? (
        <Empty text={hasPasskeys() ? teaching() : missing()}>{hasPasskeys() && <AddButton />}</Empty>
      ) : (
        <>
          <div className={classes.head}>
            <p>{teaching()}</p>
            {hasPasskeys() && <AddButton />}
          </div>
          <ul className={lines.list}>
            {passkeys.map((passkey) => (
              <li key={passkey.id}>
                <PasskeyRow passkey={passkey} />
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  )
}

function AddButton() {
  const proof = useProof()
  const [isNaming, setIsNaming] = useState(false)
  const add = useAddPasskey()
  const save = (name: string) => add.mutateAsync(name.trim()).then(() => { showDone(t`${name.trim()} is added.`) })
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlus size={17} aria-hidden="true" />}
        onClick={() => {
          proof.run(() => {
            setIsNaming(true)
          })
        }}
      >
        {t`Add a passkey`}
      </Button>
      {proof.dialog}
      {isNaming && (
        <Dialog
          title={t`Add a passkey`}
          isOpen
          onClose={() => {
            setIsNaming(false)
          }}
        >
          <RenameForm
            name={programName(navigator.userAgent)}
            isBusy={add.isPending}
            error={add.error}
            onRename={save}
            onClose={() => {
              setIsNaming(false)
            }}
          />
        </Dialog>
      )}
    </>
  )
}

function PasskeyRow({ passkey }: { passkey: Passkey }) {
  const [open, setOpen] = useState<'rename' | 'remove' | null>(null)
  const proof = useProof()
  const rename = useRenamePasskey(passkey.id)
  const close = () => {
    setOpen(null)
  }
  return (
    <>
      <div className={lines.what}>
        <strong>{passkey.name}</strong>
        <p>
          <Trans>added <RelativeTime at={passkey.created_at} /></Trans> ·{' '}
          {passkey.last_used_at ? (
            <>
              <Trans>used <RelativeTime at={passkey.last_used_at} /></Trans>
            </>
          ) : (
            t`never used`
          )}
        </p>
      </div>
      <Button
        variant="subtle"
        size="xs"
        aria-label={t`Rename ${passkey.name}`}
        onClick={() => {
          setOpen('rename')
        }}
      >
        {t`Rename…`}
      </Button>
      <Button
        variant="subtle"
        color="red"
        size="xs"
        aria-label={t`Remove ${passkey.name}`}
        onClick={() => {
          proof.run(() => {
            setOpen('remove')
          })
        }}
      >
        {t`Remove…`}
      </Button>
      {proof.dialog}
      {open === 'rename' && (
        <Dialog title={t`Rename ${passkey.name}`} isOpen onClose={close}>
          <RenameForm
            name={passkey.name}
            isBusy={rename.isPending}
            error={rename.error}
            onRename={(name) => rename.mutateAsync(name.trim())}
            onClose={close}
          />
        </Dialog>
      )}
      {open === 'remove' && <RemoveDialog passkey={passkey} onClose={close} />}
    </>
  )
}

function RemoveDialog({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const remove = useRemovePasskey(passkey.id)
  const run = () => {
    remove.mutateAsync(undefined).then(() => {
      onClose()
      showDone(t`${passkey.name} is removed.`)
    }, showProblem)
  }
  return (
    <Dialog title={t`Remove ${passkey.name}?`} isOpen onClose={onClose}>
      <div className={dialogForm}>
        <p>{t`It signs you in no more. Delete it on the device, too: its own list is not changed by this.`}</p>
        <DialogActions>
          <Button variant="default" onClick={onClose} data-autofocus>
            {t`Keep it`}
          </Button>
          <Button color="red.9" loading={remove.isPending} onClick={run}>
            {t`Remove`}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  )
}
