import { t } from '@lingui/core/macro'
import { Button, PasswordInput } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useSignOut } from '../../api/account'
import { hasPasskeys, useProveByPasskey } from '../../api/passkeys'
import { messageOf } from '../../api/problem'
import { useProveByPassword } from '../../api/second-step'
import { Dialog, DialogActions, dialogForm } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { Refusal } from '../../components/refusal'

type Props = { hasPassword: boolean; hasPasskey: boolean; onProven: () => void; onClose: () => void }

/** Asks once more who is there, before anything is changed that somebody signs in with. */
export function ProofDialog({ hasPassword, hasPasskey, onProven, onClose }: Props) {
  const byPasskey = useProveByPasskey()
  const passkey = hasPasskey && hasPasskeys() && (
    <Button
      variant="default"
      leftSection={<IconFingerprint size={17} aria-hidden="true" />}
      loading={byPasskey.isPending}
      onClick={() => {
        byPasskey.mutate(undefined, { onSuccess: onProven })
      }}
    >
      {t`Use a passkey`}
    </Button>
  )
  return (
    <Dialog title={t`Is it you?`} isOpen onClose={onClose}>
      <Refusal error={byPasskey.error} />
      {hasPassword ? (
        <ByPassword onProven={onProven} onClose={onClose}>
          {passkey}
        </ByPassword>
      ) : (
        <div className={dialogForm}>
          {passkey || <SignInAnew />}
          <DialogActions>
            <Button variant="default" onClick={onClose}>
              {t`Cancel`}
            </Button>
          </DialogActions>
        </div>
      )}
    </Dialog>
  )
}

type ByPasswordProps = { onProven: () => void; onClose: () => void; children: React.ReactNode }

function ByPassword({ onProven, onClose, children }: ByPasswordProps) {
  const [password, setPassword] = useState('')
  const prove = useProveByPassword()
  return (
    <DialogForm
      action={t`Go on`}
      isBusy={prove.isPending}
      onSubmit={() => {
        prove.mutate(password, { onSuccess: onProven })
      }}
      onClose={onClose}
    >
      <PasswordInput
        label={t`Your password`}
        description={t`Then you may change how you sign in, for ten minutes`}
        autoComplete="current-password"
        required
        withAsterisk={false}
        data-autofocus
        error={prove.error && messageOf(prove.error)}
        value={password}
        onChange={(event) => {
          setPassword(event.currentTarget.value)
        }}
      />
      {children}
    </DialogForm>
  )
}

function SignInAnew() {
  const signOut = useSignOut()
  return (
    <>
      <p>{t`You have no password here. Sign in anew, then come back within ten minutes.`}</p>
      <Button
        component={Link}
        to="/sign-in?next=/profile"
        onClick={() => {
          signOut.mutate()
        }}
      >
        {t`Sign in anew`}
      </Button>
    </>
  )
}
