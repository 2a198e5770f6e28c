import { t } from '@lingui/core/macro'
import { PasswordInput, type PasswordInputProps } from '@mantine/core'

const shortest = 8

/** Takes a password that is new. The browser says so when it is too short. */
export function NewPasswordField(props: PasswordInputProps) {
  return (
    <PasswordInput
      description={t`At least ${shortest} characters; several words are best`}
      autoComplete="new-password"
      required
      withAsterisk={false}
      minLength={shortest}
      {...props}
    />
  )
}
