import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle, IconFingerprint } from '@tabler/icons-react'
import { hasPasskeys, useSignInByPasskey } from '../../api/passkeys'
import { messageOf } from '../../api/problem'

/** Signs in by a passkey, where the browser has them: no name to be typed, and no second step. */
export function PasskeyButton() {
  const signIn = useSignInByPasskey()
  if (!hasPasskeys()) return null
  return (
    <>
      {signIn.error && (
        <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden="true" />}>
          {messageOf(signIn.error)}
        </Alert>
      )}
      <Button
        variant="default"
        size="md"
        leftSection={<IconFingerprint size={18} aria-hidden="true" />}
        loading={signIn.isPending}
        onClick={() => {
          signIn.mutate()
        }}
      >
        Sign in with a passkey
      </Button>
    </>
  )
}
