import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { sessionsQuery, type Session } from '../../api/sessions'
import cards from '../../components/cards.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { inOwnLanguage } from '../../components/own-language'
import { matching } from './matching'
import { SessionCard } from './session-card'

const teaching =
  inOwnLanguage(() => t`A session is a set of applications with their windows and documents: save it, and bring it all back later, here or on another computer.`)

/** Everything that is not in the trash. */
export function Sessions({ text, onAdd }: { text: string; onAdd: () => void }) {
  return (
    <List deleted={false} text={text}>
      <Empty text={teaching()}>
        <Button variant="light" onClick={onAdd}>
          {t`Begin your first session`}
        </Button>
      </Empty>
    </List>
  )
}

export function Trash({ text }: { text: string }) {
  return (
    <List deleted text={text}>
      <Empty text={t`The trash is empty. What you put there is kept for 30 days.`} />
    </List>
  )
}

type ListProps = { deleted: boolean; text: string; children: ReactNode }

/** The sessions in which the text is found; the children stand where there is none at all. */
function List({ deleted, text, children }: ListProps) {
  const { data, error, isPending, refetch } = useQuery(sessionsQuery(deleted))
  if (isPending) return <Placeholders />
  if (!data) {
    return <LoadFailure title={t`Your sessions could not be loaded`} error={error} onRetry={() => void refetch()} />
  }
  if (data.length === 0) return children
  const found = matching(data, text)
  return found.length === 0 ? <Empty text={t`No session has all of these words.`} /> : <Cards sessions={found} />
}

function Placeholders() {
  return (
    <div className={cards.cards} aria-hidden="true">
      {[1, 2, 3].map((number) => (
        <Skeleton key={number} height={212} radius={16} />
      ))}
    </div>
  )
}

function Cards({ sessions }: { sessions: Session[] }) {
  return (
    <ul className={cards.cards}>
      {sessions.map((session) => (
        <li key={session.id}>
          <SessionCard session={session} />
        </li>
      ))}
    </ul>
  )
}
