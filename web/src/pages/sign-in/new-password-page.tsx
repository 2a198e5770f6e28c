import { Button } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { Link, useLocation } from 'react-router'
import { useNewPassword } from '../../api/account'
import { Doorway } from '../../components/doorway'
import form from '../../components/form.module.css'
import { NewPasswordField } from '../../components/new-password-field'
import { Refusal } from '../../components/refusal'

/** Takes another password by a link of a mail, whose token is in the fragment. */
export default function NewPasswordPage() {
  const token = useLocation().hash.slice(1)
  const [password, setPassword] = useState('')
  const take = useNewPassword()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    take.mutate({ token, new_password: password })
  }
  if (take.isSuccess) {
    return (
      <Doorway title="Your password is changed">
        <div className={form.form}>
          <p role="status">You are signed out everywhere. Sign in with the new password.</p>
          <Button component={Link} to="/sign-in" replace size="md">
            Sign in
          </Button>
        </div>
      </Doorway>
    )
  }
  return (
    <Doorway title="Take another password">
      <form className={form.form} onSubmit={submit}>
        <Refusal error={take.error} />
        <NewPasswordField
          label="New password"
          value={password}
          onChange={(event) => {
            setPassword(event.currentTarget.value)
          }}
        />
        <Button type="submit" size="md" loading={take.isPending}>
          Take it
        </Button>
      </form>
    </Doorway>
  )
}
