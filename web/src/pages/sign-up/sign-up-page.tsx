import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor, Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { SubmitEvent } from 'react'
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router'
import { stepIn, useSignUp, type NewAccount } from '../../api/account'
import { aboutQuery, meQuery } from '../../api/queries'
import { Doorway } from '../../components/doorway'
import form from '../../components/form.module.css'
import { NewPasswordField } from '../../components/new-password-field'
import { Refusal } from '../../components/refusal'
import { safeNext } from '../../components/safe-next'
import SecondStep from '../sign-in/second-step'

export default function SignUpPage() {
  const [search] = useSearchParams()
  const me = useQuery(meQuery)
  const about = useQuery(aboutQuery)
  const signUp = useSignUp()
  const navigate = useNavigate()
  const step = stepIn(signUp.data)
  if (me.data) return <Navigate to={safeNext(search.get('next'))} replace />
  if (step) return <SecondStep step={step} onBack={() => void navigate('/sign-in')} />
  const isClosed = about.data?.sign_up_open === false
  return (
    <Doorway title={t`Make an account`}>
      {isClosed ? <p>{t`Accounts here are made by an administrator. Please ask yours.`}</p> : <SignUpForm signUp={signUp} />}
      <p className={form.aside}>
        <Trans>Have an account?{' '}
        <Anchor component={Link} to={{ pathname: '/sign-in', search: search.toString() }} underline="always">
          Sign in
        </Anchor></Trans>
      </p>
    </Doorway>
  )
}

function SignUpForm({ signUp }: { signUp: ReturnType<typeof useSignUp> }) {
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    signUp.mutate(accountFrom(new FormData(event.currentTarget)))
  }
  return (
    <form className={form.form} onSubmit={submit}>
      <Refusal error={signUp.error} />
      <TextInput
        name="username"
        label={t`User name`}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        withAsterisk={false}
      />
      <NewPasswordField name="password" label={t`Password`} />
      <TextInput name="full_name" label={t`Full name (optional)`} autoComplete="name" />
      <TextInput name="email" label={t`E-mail (optional)`} type="email" autoComplete="email" />
      <Button type="submit" size="md" loading={signUp.isPending}>
        {t`Make the account`}
      </Button>
    </form>
  )
}

function accountFrom(entries: FormData): NewAccount {
  const text = (name: string) => {
    const entry = entries.get(name)
    return typeof entry === 'string' ? entry : ''
  }
  return {
    username: text('username').trim(),
    password: text('password'),
    full_name: text('full_name').trim() || null,
    email: text('email').trim() || null,
  }
}
