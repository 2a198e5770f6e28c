import { t } from '@lingui/core/macro'
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { IconCircleCheck, IconClock } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useSendVerification } from '../../api/account'
import { useChangeProfile, type Profile, type ProfileWish } from '../../api/profile'
import { aboutQuery } from '../../api/queries'
import { Fact, Facts } from '../../components/facts'
import { showDone, showProblem } from '../../components/notices'
import { inOwnLanguage } from '../../components/own-language'
import { Panel } from '../../components/panel'
import { Refusal } from '../../components/refusal'
import { Pill } from '../../components/status'
import tones from '../../components/status.module.css'
import classes from './profile.module.css'

/** The names and the e-mail address, to be changed. */
export function AccountPanel({ profile }: { profile: Profile }) {
  const [fullName, setFullName] = useState(profile.full_name ?? '')
  const [email, setEmail] = useState(profile.email ?? '')
  const [password, setPassword] = useState('')
  const change = useChangeProfile()
  const isOtherAddress = email.trim().toLowerCase() !== (profile.email ?? '')
  const takesPassword = isOtherAddress && profile.has_password
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const wish: ProfileWish = { full_name: fullName.trim() || null }
    if (isOtherAddress) wish.email = email.trim() || null
    if (takesPassword) wish.password = password
    change.mutate(wish, {
      onSuccess: () => {
        setPassword('')
        showDone(t`Your account is saved.`)
      },
    })
  }
  return (
    <Panel title={t`Account`}>
      <form className={classes.form} onSubmit={submit}>
        <Facts>
          <Fact name={t`User name`}>{profile.username}</Fact>
          <Fact name={t`Role`}>{profile.role === 'administrator' ? t`Administrator` : t`User`}</Fact>
          {profile.providers.length > 0 && <Fact name={t`Signs in with`}>{profile.providers.join(', ')}</Fact>}
        </Facts>
        <Refusal error={change.error} />
        <TextInput
          label={t`Full name`}
          autoComplete="name"
          maxLength={100}
          value={fullName}
          onChange={(event) => {
            setFullName(event.currentTarget.value)
          }}
        />
        <TextInput
          label={t`E-mail`}
          type="email"
          autoComplete="email"
          maxLength={254}
          value={email}
          onChange={(event) => {
            setEmail(event.currentTarget.value)
          }}
        />
        {profile.email !== null && !isOtherAddress && <Verification isVerified={profile.email_verified_at !== null} />}
        {takesPassword && (
          <PasswordInput
            label={t`Your password, to change the address`}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => {
              setPassword(event.currentTarget.value)
            }}
          />
        )}
        <div className={classes.actions}>
          <Button type="submit" loading={change.isPending}>
            {t`Save`}
          </Button>
        </div>
      </form>
    </Panel>
  )
}

function Verification({ isVerified }: { isVerified: boolean }) {
  const canSend = useQuery(aboutQuery).data?.sends_mail === true
  const send = useSendVerification()
  return (
    <div className={classes.actions}>
      <Pill {...(isVerified ? verified() : notVerified())} />
      {!isVerified && canSend && (
        <Button
          variant="subtle"
          size="compact-sm"
          loading={send.isPending}
          onClick={() => {
            send.mutate(undefined, {
              onSuccess: () => {
                showDone(t`A link to verify your address is on its way.`)
              },
              onError: showProblem,
            })
          }}
        >
          {t`Send me a link to verify it`}
        </Button>
      )}
    </div>
  )
}

const verified = inOwnLanguage(() => ({ word: t`Verified`, Icon: IconCircleCheck, tone: tones.good }))
const notVerified = inOwnLanguage(() => ({ word: t`Not verified`, Icon: IconClock, tone: tones.quiet }))
