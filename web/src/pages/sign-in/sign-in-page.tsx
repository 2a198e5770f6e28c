import { Alert, Anchor, Button, PasswordInput, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { Link, Navigate, useSearchParams } from 'react-router'
import { useSignIn } from '../../api/account'
import { Problem, messageOf } from '../../api/problem'
import { aboutQuery, meQuery } from '../../api/queries'
import { Doorway } from '../../components/doorway'
import form from '../../components/form.module.css'
import { safeNext } from '../../components/safe-next'
import { Providers } from './providers'

export function SignInPage() {
  const [search] = useSearchParams()
  const me = useQuery(meQuery)
  if (me.data) return <Navigate to={safeNext(search.get('next'))} replace />
  return (
    <Doorway title="Sign in">
      <Providers next={search.get('next')} />
      <SignInForm />
      <ForgottenHint />
      <SignUpHint search={search.toString()} />
    </Doorway>
  )
}

function SignInForm() {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useSignIn()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    signIn.mutate({ username: username.trim(), password })
  }
  return (
    <form className={form.form} onSubmit={submit}>
      {signIn.error && (
        <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden="true" />}>
          {refusal(signIn.error)}
        </Alert>
      )}
      <TextInput
        label="User name or e-mail"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        withAsterisk={false}
        data-autofocus
        value={username}
        onChange={(event) => {
          setUsername(event.currentTarget.value)
        }}
      />
      <PasswordInput
        label="Password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => {
          setPassword(event.currentTarget.value)
        }}
      />
      <Button type="submit" size="md" loading={signIn.isPending}>
        Sign in
      </Button>
    </form>
  )
}

function refusal(error: Error): string {
  const wait = error instanceof Problem ? error.retryAfter : null
  return wait === null ? messageOf(error) : `${messageOf(error)} You can try again in ${wait} s.`
}

function ForgottenHint() {
  const about = useQuery(aboutQuery)
  if (!about.data?.sends_mail) return null
  return (
    <p className={form.aside}>
      <Anchor component={Link} to="/forgotten-password" underline="always">
        Forgot your password?
      </Anchor>
    </p>
  )
}

function SignUpHint({ search }: { search: string }) {
  const about = useQuery(aboutQuery)
  if (!about.data?.sign_up_open) return null
  return (
    <p className={form.aside}>
      New here?{' '}
      <Anchor component={Link} to={{ pathname: '/sign-up', search }} underline="always">
        Make an account
      </Anchor>
    </p>
  )
}
