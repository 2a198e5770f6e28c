import { t } from '@lingui/core/macro'
import { Button, PasswordInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { useChangePassword } from '../../api/profile'
import { NewPasswordField } from '../../components/new-password-field'
import { showDone } from '../../components/notices'
import { Panel } from '../../components/panel'
import { Refusal } from '../../components/refusal'
import classes from './profile.module.css'

export function PasswordPanel({ hasPassword }: { hasPassword: boolean }) {
  const [old, setOld] = useState('')
  const [fresh, setFresh] = useState('')
  const change = useChangePassword()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const done = () => {
      setOld('')
      setFresh('')
      showDone(t`Your password is changed. You are signed out everywhere else.`)
    }
    change.mutate({ new_password: fresh, password: hasPassword ? old : null }, { onSuccess: done })
  }
  return (
    <Panel title={t`Password`}>
      <form className={classes.form} onSubmit={submit}>
        <Refusal error={change.error} />
        {hasPassword ? (
          <PasswordInput
            label={t`Your password`}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={old}
            onChange={(event) => {
              setOld(event.currentTarget.value)
            }}
          />
        ) : (
          <p>{t`You have no password: you sign in in another way. You may take one as well.`}</p>
        )}
        <NewPasswordField
          label={t`New password`}
          value={fresh}
          onChange={(event) => {
            setFresh(event.currentTarget.value)
          }}
        />
        <div className={classes.actions}>
          <Button type="submit" variant="default" loading={change.isPending}>
            {hasPassword ? t`Change the password` : t`Take a password`}
          </Button>
        </div>
      </form>
    </Panel>
  )
}
