import { t } from '@lingui/core/macro'
import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { providerAnswerQuery, rememberUser } from '../../api/account'
import { messageOf } from '../../api/problem'
import { Doorway } from '../../components/doorway'
import form from '../../components/form.module.css'
import { Splash } from '../../components/splash'
import { rememberedNext } from './next-page'

/** Where a provider sends the browser back to, with a code or a refusal. */
export default function CallbackPage() {
  const [search] = useSearchParams()
  const code = search.get('code')
  const state = search.get('state')
  if (code === null || state === null) return <Refusal message={refusalIn(search)} />
  return <Finish code={code} state={state} />
}

function Finish({ code, state }: { code: string; state: string }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { data: user, error } = useQuery(providerAnswerQuery(code, state))
  useEffect(() => {
    if (!user) return
    rememberUser(client, user)
    void navigate(rememberedNext(), { replace: true })
  }, [user, client, navigate])
  return error ? <Refusal message={messageOf(error)} /> : <Splash />
}

function Refusal({ message }: { message: string }) {
  return (
    <Doorway title={t`You are not signed in`}>
      <div className={form.form}>
        <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden="true" />}>
          {message}
        </Alert>
        <Button component={Link} to="/sign-in" replace size="md">
          {t`Back to sign-in`}
        </Button>
      </div>
    </Doorway>
  )
}

function refusalIn(search: URLSearchParams): string {
  const why = search.get('error')
  if (why === 'access_denied') return t`You did not agree to sign in there. Try again, or sign in another way.`
  return t`The provider sent you back without an answer${why ? ` (${why})` : ''}. Sign in again.`
}
