import { t } from '@lingui/core/macro'
import { Button, Checkbox, Skeleton } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { may } from '../../api/rights'
import { volumesQuery, type Volume } from '../../api/volumes'
import cards from '../../components/cards.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { SearchField } from '../../components/search-field'
import { useUser } from '../../components/signed-in'
import { AttachDialog } from './attach-dialog'
import { DeleteVolumeDialog } from './delete-volume-dialog'
import { GiveDialog } from './give-dialog'
import { GrowDialog } from './grow-dialog'
import { NewVolumeDialog } from './new-volume-dialog'
import { ShareDialog } from './share-dialog'
import { VolumeCard, type About } from './volume-card'

type Asking = { about: About; id: number } | { about: 'new' } | null

/** Storage that outlives desktops: one's own, what is shared with one, or everyone's. */
export default function VolumesPage() {
  const user = useUser()
  const [text, setText] = useState('')
  const [asking, setAsking] = useState<Asking>(null)
  const [parameters, setParameters] = useSearchParams()
  const reachesOthers = may(user, 'volumes:read', 'group')
  const everyones = reachesOthers && parameters.has('all')
  const { data, error, refetch } = useQuery(volumesQuery(everyones))
  const add = () => {
    setAsking({ about: 'new' })
  }
  return (
    <PageFrame title={t`Volumes`} user={user}>
      <PageHead title={t`Volumes`}>
        {reachesOthers && (
          <Checkbox
            label={t`Everyone’s`}
            checked={everyones}
            onChange={(event) => {
              setParameters(event.currentTarget.checked ? { all: '1' } : {}, { replace: true })
            }}
          />
        )}
        <SearchField label={t`Search the volumes`} text={text} onChange={setText} />
        {data?.length !== 0 && (
          <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={add}>
            {t`Make a volume`}
          </Button>
        )}
      </PageHead>
      {data && <Found volumes={data} text={text} onAdd={add} onAsk={setAsking} />}
      {!data && error && (
        <LoadFailure title={t`The volumes could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={220} radius={16} aria-hidden="true" />}
      <Dialogs
        asking={asking}
        volumes={data ?? []}
        onClose={() => {
          setAsking(null)
        }}
      />
    </PageFrame>
  )
}

const dialogs = {
  grow: GrowDialog, share: ShareDialog, give: GiveDialog, attach: AttachDialog, delete: DeleteVolumeDialog,
}

type DialogsProps = { asking: Asking; volumes: Volume[]; onClose: () => void }

function Dialogs({ asking, volumes, onClose }: DialogsProps) {
  if (asking?.about === 'new') return <NewVolumeDialog onClose={onClose} />
  const volume = asking && volumes.find(({ id }) => id === asking.id)
  if (!volume) return null
  const Dialog = dialogs[asking.about]
  return <Dialog volume={volume} onClose={onClose} />
}

type FoundProps = { volumes: Volume[]; text: string; onAdd: () => void; onAsk: (asking: Asking) => void }

function Found({ volumes, text, onAdd, onAsk }: FoundProps) {
  const words = text.toLowerCase().split(/\s+/)
  const found = volumes.filter(({ name, owner, runtime }) => {
    const described = `${name} ${owner.username} ${runtime}`.toLowerCase()
    return words.every((word) => described.includes(word))
  })
  if (volumes.length === 0) {
    return (
      <Empty text={t`A volume is storage that outlives desktops: attach it to one, later to another, and share it.`}>
        <Button variant="light" onClick={onAdd}>
          {t`Make the first volume`}
        </Button>
      </Empty>
    )
  }
  if (found.length === 0) return <Empty text={t`No volume has all of these words.`} />
  return (
    <ul className={cards.cards}>
      {found.map((volume) => (
        <li key={volume.id}>
          <VolumeCard
            volume={volume}
            onAsk={(about) => {
              onAsk({ about, id: volume.id })
            }}
          />
        </li>
      ))}
    </ul>
  )
}
