import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconCircleCheck } from '@tabler/icons-react'
import { loginsQuery, useEndLogin, useEndOtherLogins, type Login } from '../../api/profile'
import { LoadFailure } from '../../components/load-failure'
import lines from '../../components/lines.module.css'
import { showDone, showProblem } from '../../components/notices'
import { Panel } from '../../components/panel'
import { RelativeTime } from '../../components/relative-time'
import { Pill } from '../../components/status'
import tones from '../../components/status.module.css'
import classes from './profile.module.css'
import { programName } from './program-name'

/** Where the person is signed in, and a way out of each. */
export function LoginsPanel() {
  const { data: logins, error, isPending, refetch } = useQuery(loginsQuery)
  const endOthers = useEndOtherLogins()
  if (isPending) return <Skeleton height={120} radius={16} aria-hidden="true" />
  if (!logins) {
    return <LoadFailure title={t`Your sign-ins could not be loaded`} error={error} onRetry={() => void refetch()} />
  }
  return (
    <Panel title={t`Where you are signed in`}>
      <div className={classes.head}>
        <p>{t`Is there one that you don’t know? Sign it out, and change your password.`}</p>
        <Button
          variant="default"
          disabled={logins.length < 2}
          loading={endOthers.isPending}
          onClick={() => {
            endOthers.mutate(undefined, {
              onSuccess: () => {
                showDone(t`You are signed out everywhere else.`)
              },
              onError: showProblem,
            })
          }}
        >
          {t`Sign out everywhere else`}
        </Button>
      </div>
      <ul className={lines.list}>
        {logins.map((login) => (
          <li key={login.id}>
            <LoginRow login={login} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function LoginRow({ login }: { login: Login }) {
  const end = useEndLogin()
  const name = programName(login.program)
  return (
    <>
      <div className={lines.what} title={login.program ?? undefined}>
        <strong>
          {name}
          {login.is_this && <Pill word={t`This one`} Icon={IconCircleCheck} tone={tones.good} />}
        </strong>
        <p>
          {login.address && <>{t`From ${login.address}`} · </>}
          <Trans>signed in <RelativeTime at={login.created_at} /></Trans>
          {login.seen_at && (
            <>
              {' · '}
              <Trans>seen <RelativeTime at={login.seen_at} /></Trans>
            </>
          )}
        </p>
      </div>
      {!login.is_this && (
        <Button
          variant="subtle"
          color="red"
          size="xs"
          aria-label={login.address ? t`Sign out ${name} at ${login.address}` : t`Sign out ${name}`}
          loading={end.isPending}
          onClick={() => {
            end.mutate(login.id, { onError: showProblem })
          }}
        >
          {t`Sign out`}
        </Button>
      )}
    </>
  )
}
