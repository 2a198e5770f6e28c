import { t } from '@lingui/core/macro'
import { Anchor, Button, TextInput } from '@mantine/core'
import { useState, type SubmitEvent } from 'react'
import { Link } from 'react-router'
import { useForgottenPassword } from '../../api/account'
import { Doorway } from '../../components/doorway'
import form from '../../components/form.module.css'
import { Refusal } from '../../components/refusal'

/** Asks for the address to which a link for another password is sent. */
export default function ForgottenPage() {
  const [email, setEmail] = useState('')
  const ask = useForgottenPassword()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    ask.mutate(email.trim())
  }
  return (
    <Doorway title={ask.isSuccess ? t`Look into your mail` : t`Forgot your password?`}>
      {ask.isSuccess ? (
        <p role="status">
          {t`If ${ask.variables} belongs to an account here, a link to take another password is on its way. It is good for 30 minutes.`}
        </p>
      ) : (
        <form className={form.form} onSubmit={submit}>
          <Refusal error={ask.error} />
          <TextInput
            label={t`E-mail`}
            type="email"
            autoComplete="email"
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => {
              setEmail(event.currentTarget.value)
            }}
          />
          <Button type="submit" size="md" loading={ask.isPending}>
            {t`Send me a link`}
          </Button>
        </form>
      )}
      <p className={form.aside}>
        <Anchor component={Link} to="/sign-in" underline="always">
          {t`Back to sign-in`}
        </Anchor>
      </p>
    </Doorway>
  )
}
