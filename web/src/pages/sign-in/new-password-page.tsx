import { t } from '@lingui/core/macro'
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
      <Doorway title={t`Your password is changed`}>
        <div className={form.form}>
          <p role="status">{t`You are signed out everywhere. Sign in with the new password.`}</p>
          <Button component={Link} to="/sign-in" replace size="md">
            {t`Sign in`}
          </Button>
        </div>
      </Doorway>
    )
  }
  return (
    <Doorway title={t`Take another password`}>
      <form className={form.form} onSubmit={submit}>
        <Refusal error={take.error} />
        <NewPasswordField
          label={t`New password`}
          value={password}
          onChange={(event) => {
            setPassword(event.currentTarget.value)
          }}
        />
        <Button type="submit" size="md" loading={take.isPending}>
          {t`Take it`}
        </Button>
      </form>
    </Doorway>
  )
}
