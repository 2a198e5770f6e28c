import { t } from '@lingui/core/macro'
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { profileQuery } from '../../api/profile'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { useUser } from '../../components/signed-in'
import { AccountPanel } from './account-panel'
import { LoginsPanel } from './logins-panel'
import { LookPanel } from './look-panel'
import { PasskeysPanel } from './passkeys-panel'
import { PasswordPanel } from './password-panel'
import classes from './profile.module.css'
import { SecondStepPanel } from './second-step-panel'
import { TokensPanel } from './tokens-panel'

export default function ProfilePage() {
  const { data: profile, error, isPending, refetch } = useQuery(profileQuery)
  return (
    <PageFrame title={t`Profile`} user={useUser()}>
      <PageHead title={t`Profile`} />
      {isPending && <Skeleton height={320} radius={16} aria-hidden="true" />}
      {!isPending && !profile && (
        <LoadFailure title={t`Your profile could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {profile && (
        <div className={classes.page}>
          <div className={classes.pair}>
            <div className={classes.column}>
              <AccountPanel profile={profile} />
              <LookPanel profile={profile} />
            </div>
            <div className={classes.column}>
              <PasswordPanel hasPassword={profile.has_password} />
              <SecondStepPanel />
              <PasskeysPanel />
            </div>
          </div>
          <TokensPanel />
          <LoginsPanel />
        </div>
      )}
    </PageFrame>
  )
}
