import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { ownDevicesQuery } from '../../api/own-devices'
import cards from '../../components/cards.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { inOwnLanguage } from '../../components/own-language'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { useUser } from '../../components/signed-in'
import { Collected } from './collected'
import { DeviceCard } from './device-card'
import { OwnRecordings } from './own-recordings'
import { PairDialog } from './pair-dialog'

export default function MyDevicesPage() {
  const [isPairing, setIsPairing] = useState(false)
  const { data: devices } = useQuery(ownDevicesQuery)
  const pair = () => {
    setIsPairing(true)
  }
  return (
    <PageFrame title={t`My devices`} user={useUser()}>
      <PageHead title={t`My devices`}>
        {devices?.length !== 0 && (
          <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={pair}>
            {t`Pair a computer`}
          </Button>
        )}
      </PageHead>
      <Devices onPair={pair} />
      <Collected />
      <OwnRecordings />
      {isPairing && (
        <PairDialog
          onClose={() => {
            setIsPairing(false)
          }}
        />
      )}
    </PageFrame>
  )
}

const teaching = inOwnLanguage(() => t`Pair a computer to save what is open on it as a session, and to bring sessions back there.`)

function Devices({ onPair }: { onPair: () => void }) {
  const { data: devices, error, isPending, refetch } = useQuery(ownDevicesQuery)
  if (isPending) return <Skeleton height={180} radius={16} aria-hidden="true" />
  if (!devices) {
    return <LoadFailure title={t`Your devices could not be loaded`} error={error} onRetry={() => void refetch()} />
  }
  if (devices.length === 0) {
    return (
      <Empty text={teaching()}>
        <Button variant="light" onClick={onPair}>
          {t`Pair your first computer`}
        </Button>
      </Empty>
    )
  }
  return (
    <ul className={cards.cards}>
      {devices.map((device) => (
        <li key={device.id}>
          <DeviceCard device={device} />
        </li>
      ))}
    </ul>
  )
}
