import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { runtimeEvents, runtimesQuery, type Runtime } from '../../api/runtimes'
import cards from '../../components/cards.module.css'
import { ConnectionBar } from '../../components/connection-bar'
import { Empty } from '../../components/empty'
import { useLive } from '../../components/live'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { SearchField } from '../../components/search-field'
import { useUser } from '../../components/signed-in'
import { GuacamoleStanding } from './guacamole-standing'
import { RemoveDialog } from './remove-dialog'
import { RuntimeCard } from './runtime-card'
import { RuntimeDialog } from './runtime-dialog'

type Asking = { about: 'add' } | { about: 'edit' | 'remove'; runtime: Runtime } | null

/** Where desktops run: how full each place is, and whether it answers. */
export default function RuntimesPage() {
  const [text, setText] = useState('')
  const [asking, setAsking] = useState<Asking>(null)
  const client = useQueryClient()
  const liveness = useLive(useMemo(() => runtimeEvents(client), [client]))
  const { data, error, refetch } = useQuery(runtimesQuery)
  const close = () => {
    setAsking(null)
  }
  return (
    <PageFrame title={t`Runtimes`} user={useUser()}>
      <PageHead title={t`Runtimes`}>
        <SearchField label={t`Search the runtimes`} text={text} onChange={setText} />
        {data?.length !== 0 && (
          <Button
            leftSection={<IconPlus size={18} aria-hidden="true" />}
            onClick={() => {
              setAsking({ about: 'add' })
            }}
          >
            {t`Add a runtime`}
          </Button>
        )}
      </PageHead>
      {data && <Found runtimes={data} text={text} onAsk={setAsking} />}
      {!data && error && (
        <LoadFailure title={t`The runtimes could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={260} radius={16} aria-hidden="true" />}
      <GuacamoleStanding />
      {asking?.about === 'add' && <RuntimeDialog runtime={null} onClose={close} />}
      {asking?.about === 'edit' && <RuntimeDialog runtime={asking.runtime} onClose={close} />}
      {asking?.about === 'remove' && <RemoveDialog runtime={asking.runtime} onClose={close} />}
      <ConnectionBar liveness={liveness} />
    </PageFrame>
  )
}

type FoundProps = { runtimes: Runtime[]; text: string; onAsk: (asking: Asking) => void }

function Found({ runtimes, text, onAsk }: FoundProps) {
  const words = text.toLowerCase().split(/\s+/)
  const found = runtimes.filter(({ slug, kind, labels }) => {
    const described = [slug, kind, ...labels].join(' ')
    return words.every((word) => described.includes(word))
  })
  if (runtimes.length === 0) {
    return (
      <Empty text={t`A runtime is where desktops run: this machine, an engine for containers, another host.`}>
        <Button
          variant="light"
          onClick={() => {
            onAsk({ about: 'add' })
          }}
        >
          {t`Add the first runtime`}
        </Button>
      </Empty>
    )
  }
  if (found.length === 0) return <Empty text={t`No runtime has all of these words.`} />
  return (
    <ul className={cards.cards}>
      {found.map((runtime) => (
        <li key={runtime.id}>
          <RuntimeCard
            runtime={runtime}
            onEdit={() => {
              onAsk({ about: 'edit', runtime })
            }}
            onRemove={() => {
              onAsk({ about: 'remove', runtime })
            }}
          />
        </li>
      ))}
    </ul>
  )
}
