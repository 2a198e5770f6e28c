import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { saveQuery, savesQuery, type Save, type Session } from '../../api/sessions'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { inOwnLanguage } from '../../components/own-language'
import { useSessionActions } from '../../components/session/use-session-actions'
import { exact } from '../../components/time'
import { Compare } from './compare'
import { SaveList } from './save-list'
import { ScreenMap } from './screen-map'
import classes from './session.module.css'

const teaching = inOwnLanguage(() => t`A save keeps which applications are open, their windows’ places and their documents, to bring it all back.`)

/** The windows of a save, all saves below, and what differs between two of them. */
export function Saves({ session }: { session: Session }) {
  const saves = useInfiniteQuery(savesQuery(session.id))
  const [shownId, setShownId] = useState<number | null>(null)
  if (saves.isPending) return <Skeleton height={420} radius={16} aria-hidden="true" />
  if (!saves.data) {
    return <LoadFailure title={t`The saves could not be loaded`} error={saves.error} onRetry={() => void saves.refetch()} />
  }
  const all = saves.data.pages.flatMap(({ items }) => items)
  const shown = all.find(({ id }) => id === shownId) ?? all[0]
  if (!shown) return <NoSave session={session} />
  return (
    <>
      <Windows session={session} save={shown} isNewest={shown === all[0]} />
      <section className={classes.part} aria-labelledby="saves">
        <h2 id="saves">{t`Saves`}</h2>
        <SaveList session={session} saves={all} shownId={shown.id} onShow={setShownId} />
        {saves.hasNextPage && (
          <Button variant="default" loading={saves.isFetchingNextPage} onClick={() => void saves.fetchNextPage()}>
            {t`Show older saves`}
          </Button>
        )}
      </section>
      <Compare session={session} />
    </>
  )
}

function NoSave({ session }: { session: Session }) {
  const { save, isSaving } = useSessionActions(session)
  return (
    <section className={classes.part}>
      <Empty text={teaching()}>
        {session.deleted_at === null && (
          <Button variant="light" loading={isSaving} onClick={save}>
            {t`Save what is open now`}
          </Button>
        )}
      </Empty>
    </section>
  )
}

type WindowsProps = { session: Session; save: Save; isNewest: boolean }

function Windows({ session, save, isNewest }: WindowsProps) {
  const { data, error, refetch } = useQuery(saveQuery(session.id, save.id))
  return (
    <section className={classes.part} aria-labelledby="windows">
      <h2 id="windows">{isNewest ? t`Windows, as saved last` : t`Windows, as saved ${exact(save.saved_at)}`}</h2>
      {data && <ScreenMap snapshot={data.snapshot} />}
      {!data && !error && <Skeleton height={340} radius={12} aria-hidden="true" />}
      {error && !data && <LoadFailure title={t`The save could not be loaded`} error={error} onRetry={() => void refetch()} />}
    </section>
  )
}
