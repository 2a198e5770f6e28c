import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconCircleCheck, IconClock, IconLock, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { serverNow } from '../../api/clock'
import { tokensQuery, useRevokeToken, type ApiToken } from '../../api/profile'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { Panel } from '../../components/panel'
import { RelativeTime } from '../../components/relative-time'
import { RevokeDialog } from '../../components/revoke-dialog'
import { Pill, type Look } from '../../components/status'
import tones from '../../components/status.module.css'
import { exact } from '../../components/time'
import { NewTokenDialog } from './new-token-dialog'
import classes from './profile.module.css'

const teaching = 'A token lets a program act for you, as far as you allow, without your password.'

/** The tokens of the person's programs. */
export function TokensPanel() {
  const { data: tokens, error, isPending, refetch } = useQuery(tokensQuery)
  const [isMaking, setIsMaking] = useState(false)
  const make = (
    <Button
      variant="default"
      leftSection={<IconPlus size={17} aria-hidden="true" />}
      onClick={() => {
        setIsMaking(true)
      }}
    >
      Make a token
    </Button>
  )
  if (isPending) return <Skeleton height={120} radius={16} aria-hidden="true" />
  if (!tokens) {
    return <LoadFailure title="Your tokens could not be loaded" error={error} onRetry={() => void refetch()} />
  }
  return (
    <Panel title="Tokens for programs">
      {tokens.length === 0 ? (
        <Empty text={teaching}>{make}</Empty>
      ) : (
        <>
          <div className={classes.head}>
            <p>{teaching}</p>
            {make}
          </div>
          <ul className={classes.list}>
            {tokens.map((token) => (
              <li key={token.id}>
                <TokenRow token={token} />
              </li>
            ))}
          </ul>
        </>
      )}
      {isMaking && (
        <NewTokenDialog
          onClose={() => {
            setIsMaking(false)
          }}
        />
      )}
    </Panel>
  )
}

function TokenRow({ token }: { token: ApiToken }) {
  const [isAsking, setIsAsking] = useState(false)
  const revoke = useRevokeToken()
  const look = lookOf(token)
  return (
    <>
      <div className={classes.what}>
        <strong>
          {token.name}
          <Pill {...look} />
        </strong>
        <p>{token.scopes.join(' · ')}</p>
        <p>
          <span title={exact(token.expires_at)}>Until {exact(token.expires_at)}</span> ·{' '}
          {token.last_used_at ? (
            <>
              used <RelativeTime at={token.last_used_at} />
            </>
          ) : (
            'never used'
          )}
        </p>
      </div>
      {look === good && (
        <Button
          variant="subtle"
          color="red"
          size="xs"
          aria-label={`Revoke ${token.name}`}
          onClick={() => {
            setIsAsking(true)
          }}
        >
          Revoke…
        </Button>
      )}
      {isAsking && (
        <RevokeDialog
          name={token.name}
          onRevoke={() => revoke.mutateAsync(token.id)}
          isPending={revoke.isPending}
          onClose={() => {
            setIsAsking(false)
          }}
        >
          The program that has it is refused at once. This can’t be undone: it would need another token.
        </RevokeDialog>
      )}
    </>
  )
}

const good: Look = { word: 'Good', Icon: IconCircleCheck, tone: tones.good }
const expired: Look = { word: 'Expired', Icon: IconClock, tone: tones.quiet }
const revoked: Look = { word: 'Revoked', Icon: IconLock, tone: tones.bad }

function lookOf({ revoked_at, expires_at }: ApiToken): Look {
  if (revoked_at) return revoked
  return Date.parse(expires_at) <= serverNow() ? expired : good
}
