import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconCircleCheck, IconClock, IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import { serverNow } from '../../api/clock'
import { useRevokeToken, type ApiToken } from '../../api/tokens'
import classes from '../lines.module.css'
import { inOwnLanguage } from '../own-language'
import { PlaceLink } from '../place-link'
import { RelativeTime } from '../relative-time'
import { RevokeDialog } from '../revoke-dialog'
import { writtenInWords } from '../right-words'
import { Pill, type Look } from '../status'
import tones from '../status.module.css'
import { exact } from '../time'

type Props = { tokens: ApiToken[]; showsPeople?: boolean; mayRevoke: boolean }

/** Tokens of programs: what each may do, until when it is good, and when it was used. */
export function TokenList({ tokens, showsPeople = false, mayRevoke }: Props) {
  return (
    <ul className={classes.list}>
      {tokens.map((token) => (
        <li key={token.id}>
          <What token={token} showsPeople={showsPeople} />
          {mayRevoke && lookOf(token) === good() && <RevokeButton token={token} />}
        </li>
      ))}
    </ul>
  )
}

function What({ token, showsPeople }: { token: ApiToken; showsPeople: boolean }) {
  const { name, scopes, expires_at, last_used_at } = token
  return (
    <div className={classes.what}>
      <strong>
        {name}
        <Pill {...lookOf(token)} />
      </strong>
      {showsPeople && <Whose token={token} />}
      <p>{writtenInWords(scopes).join(' · ')}</p>
      <p>
        {t`Until ${exact(expires_at)}`} ·{' '}
        {last_used_at ? (
          <>
            <Trans>used <RelativeTime at={last_used_at} /></Trans>
          </>
        ) : (
          t`never used`
        )}
      </p>
    </div>
  )
}

/** For whom a token acts, and who has made it where that is somebody else. */
function Whose({ token: { user, created_by } }: { token: ApiToken }) {
  return (
    <p>
      <Trans>For <PlaceLink to={`/people/${user.id}`}>{user.username}</PlaceLink></Trans>
      {created_by && created_by.id !== user.id && (
        <>
          , <Trans>made by <PlaceLink to={`/people/${created_by.id}`}>{created_by.username}</PlaceLink></Trans>
        </>
      )}
    </p>
  )
}

function RevokeButton({ token: { id, name, user } }: { token: ApiToken }) {
  const [isAsking, setIsAsking] = useState(false)
  const revoke = useRevokeToken()
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="xs"
        aria-label={t`Revoke ${name} of ${user.username}`}
        onClick={() => {
          setIsAsking(true)
        }}
      >
        {t`Revoke…`}
      </Button>
      {isAsking && (
        <RevokeDialog
          name={name}
          onRevoke={() => revoke.mutateAsync(id)}
          isPending={revoke.isPending}
          onClose={() => {
            setIsAsking(false)
          }}
        >
          {t`The program that has it is refused at once. This can’t be undone: it would need another token.`}
        </RevokeDialog>
      )}
    </>
  )
}

const good = inOwnLanguage((): Look => ({ word: t`Good`, Icon: IconCircleCheck, tone: tones.good }))
const expired = inOwnLanguage((): Look => ({ word: t`Expired`, Icon: IconClock, tone: tones.quiet }))
const revoked = inOwnLanguage((): Look => ({ word: t`Revoked`, Icon: IconLock, tone: tones.bad }))

function lookOf({ revoked_at, expires_at }: ApiToken): Look {
  if (revoked_at) return revoked()
  return Date.parse(expires_at) <= serverNow() ? expired() : good()
}
