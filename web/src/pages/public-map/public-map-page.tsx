import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconLinkOff, IconMaximize } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useLocation } from 'react-router'
import { isStatus, messageOf } from '../../api/problem'
import { publicMapQuery, type RoomMap } from '../../api/rooms'
import { ConnectionBar } from '../../components/connection-bar'
import { Board } from '../../components/lab-map/board'
import type { Cell } from '../../components/lab-map/grid'
import { Logo } from '../../components/logo'
import { Message } from '../../components/message-page'
import { PageHead } from '../../components/page-head'
import { SchemeToggle } from '../../components/scheme-toggle'
import { Splash } from '../../components/splash'
import classes from './public-map.module.css'

const everyMilliseconds = 5000

/** A room's map without names, for whoever has its link: the token is in the fragment, which browsers never send. */
export default function PublicMapPage() {
  const token = useLocation().hash.slice(1)
  const { data, error } = useQuery({
    ...publicMapQuery(token),
    refetchIntervalInBackground: true,
    refetchInterval: ({ state }) => (isStatus(state.error, 401) ? false : everyMilliseconds),
  })
  if (isStatus(error, 401)) return <TakenBack text={messageOf(error)} />
  if (!data) return error ? <Unreachable error={error} /> : <Splash />
  return <PublicMap map={data} isLost={error !== null} />
}

function TakenBack({ text }: { text: string }) {
  return (
    <main className={classes.page}>
      <title>{t`No map · Deskbay`}</title>
      <Message icon={<IconLinkOff size={36} />} title={t`This link does not work any more`} text={text} />
    </main>
  )
}

function Unreachable({ error }: { error: unknown }) {
  return (
    <main className={classes.page}>
      <title>{t`Not connected · Deskbay`}</title>
      <Message icon={<IconLinkOff size={36} />} title={t`The map could not be loaded`} text={t`${messageOf(error)} It is tried again every few seconds.`} />
    </main>
  )
}

function PublicMap({ map, isLost }: { map: RoomMap; isLost: boolean }) {
  const [selected, setSelected] = useState<Cell | null>(null)
  const board = useRef<HTMLElement>(null)
  return (
    <>
      <title>{`${map.room.name} · Deskbay`}</title>
      <header className={classes.header}>
        <Logo />
        <SchemeToggle />
      </header>
      <main className={classes.page}>
        <PageHead title={map.room.name}>
          <Button
            variant="default"
            leftSection={<IconMaximize size={18} aria-hidden="true" />}
            onClick={() => void board.current?.requestFullscreen()}
          >
            {t`Full screen`}
          </Button>
        </PageHead>
        <Board ref={board} map={map} selected={selected} onSelect={setSelected} />
      </main>
      <ConnectionBar liveness={isLost ? 'lost' : 'live'} />
    </>
  )
}
