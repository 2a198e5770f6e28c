import { t } from '@lingui/core/macro'
import { Button, Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link, useNavigate } from 'react-router'
import { linkQuery, rememberUser } from '../../api/account'
import { messageOf } from '../../api/problem'
import { Doorway } from '../../components/doorway'
import form from '../../components/form.module.css'
import type { SignInLink } from './read-link'

/** Signs in by a one-time link and goes on to the page that it names. */
export function LinkPage({ token, next }: SignInLink) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { data: user, error } = useQuery(linkQuery(token))
  useEffect(() => {
    if (!user) return
    rememberUser(client, user)
    // Replaced, so that the token does not stay in the history.
    void navigate(next, { replace: true })
  }, [user, client, navigate, next])
  if (!error) {
    return (
      <Doorway title={t`Signing you in`}>
        <Loader role="img" aria-label={t`Signing you in`} />
      </Doorway>
    )
  }
  return (
    <Doorway title={t`This link did not work`}>
      <div className={form.form}>
        <p role="alert">{messageOf(error)}</p>
        <Button component={Link} to={`/sign-in?${new URLSearchParams({ next }).toString()}`} replace>
          {t`Sign in another way`}
        </Button>
      </div>
    </Doorway>
  )
}
