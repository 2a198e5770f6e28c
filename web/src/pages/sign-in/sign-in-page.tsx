import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, useState, type SubmitEvent } from 'react'
import { Link, Navigate, useSearchParams } from 'react-router'
import { stepIn, useSignIn } from '../../api/account'
import { publicAnnouncementsQuery } from '../../api/announcements'
import { hasPasskeys } from '../../api/passkeys'
import { aboutQuery, meQuery } from '../../api/queries'
import { Announcements } from '../../components/announcements'
import { Doorway } from '../../components/doorway'
import form from '../../components/form.module.css'
import { Refusal } from '../../components/refusal'
import { safeNext } from '../../components/safe-next'
import { PasskeyButton } from './passkey-button'
import { Providers } from './providers'

const SecondStep = lazy(() => import('./second-step'))

export default function SignInPage() {
  const [search] = useSearchParams()
  const me = useQuery(meQuery)
  const signIn = useSignIn()
  const step = stepIn(signIn.data)
  if (me.data) return <Navigate to={safeNext(search.get('next'))} replace />
  if (step) return <SecondStep step={step} onBack={signIn.reset} />
  return (
    <Doorway title={t`Sign in`}>
      <PublicAnnouncements />
      <Ways next={search.get('next')} />
      <SignInForm signIn={signIn} />
      <ForgottenHint />
      <SignUpHint search={search.toString()} />
    </Doorway>
  )
}

/** What is said to everybody, in this place. */
function PublicAnnouncements() {
  const { data } = useQuery(publicAnnouncementsQuery)
  return (
    <div className={form.announcements}>
      <Announcements of={data ?? []} />
    </div>
  )
}

/** The ways in that take no password. */
function Ways({ next }: { next: string | null }) {
  const providers = useQuery(aboutQuery).data?.providers ?? []
  if (providers.length === 0 && !hasPasskeys()) return null
  return (
    <div className={form.form}>
      {providers.length > 0 && <Providers providers={providers} next={next} />}
      <PasskeyButton />
      <p className={form.or}>{t`or with a password`}</p>
    </div>
  )
}

function SignInForm({ signIn }: { signIn: ReturnType<typeof useSignIn> }) {
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    signIn.mutate({ username: username.trim(), password })
  }
  return (
    <form className={form.form} onSubmit={submit}>
      <Refusal error={signIn.error} />
      <TextInput
        label={t`User name or e-mail`}
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
        label={t`Password`}
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={(event) => {
          setPassword(event.currentTarget.value)
        }}
      />
      <Button type="submit" size="md" loading={signIn.isPending}>
        {t`Sign in`}
      </Button>
    </form>
  )
}

function ForgottenHint() {
  const about = useQuery(aboutQuery)
  if (!about.data?.sends_mail) return null
  return (
    <p className={form.aside}>
      <Anchor component={Link} to="/forgotten-password" underline="always">
        {t`Forgot your password?`}
      </Anchor>
    </p>
  )
}

function SignUpHint({ search }: { search: string }) {
  const about = useQuery(aboutQuery)
  if (!about.data?.sign_up_open) return null
  return (
    <p className={form.aside}>
      <Trans>New here?{' '}
      <Anchor component={Link} to={{ pathname: '/sign-up', search }} underline="always">
        Make an account
      </Anchor></Trans>
    </p>
  )
}
