import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconFingerprint } from '@tabler/icons-react'
import { hasPasskeys, useSignInByPasskey } from '../../api/passkeys'
import { Refusal } from '../../components/refusal'

/** Signs in by a passkey, where the browser has them: no name to be typed, and no second step. */
export function PasskeyButton() {
  const signIn = useSignInByPasskey()
  if (!hasPasskeys()) return null
  return (
    <>
      <Refusal error={signIn.error} />
      <Button
        variant="default"
        size="md"
        leftSection={<IconFingerprint size={18} aria-hidden="true" />}
        loading={signIn.isPending}
        onClick={() => {
          signIn.mutate()
        }}
      >
        {t`Sign in with a passkey`}
      </Button>
    </>
  )
}
