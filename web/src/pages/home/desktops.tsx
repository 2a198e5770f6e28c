import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Desktop } from '../../api/client'
import { desktopsQuery } from '../../api/queries'
import cards from '../../components/cards.module.css'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import type { Asked } from './card-dialog'
import { DesktopCard } from './desktop-card'
import classes from './home.module.css'
import { inSteadyOrder } from './steady-order'

const CardDialog = lazy(() => import('./card-dialog'))

/** Everything that one has launched: what runs first, and nothing moves while one looks. */
export function Desktops() {
  const { data, error, isPending, refetch } = useQuery(desktopsQuery)
  return (
    <section aria-labelledby="desktops">
      <h1 id="desktops" className={classes.title}>
        {t`Your desktops`}
      </h1>
      {isPending && <Placeholders />}
      {error && !data && (
        <LoadFailure title={t`Your desktops could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {data?.length === 0 && <NoDesktops />}
      {data && data.length > 0 && <Cards desktops={data} />}
    </section>
  )
}

function Placeholders() {
  return (
    <div className={cards.cards} aria-hidden="true">
      {[1, 2, 3].map((number) => (
        <Skeleton key={number} height={300} radius={16} />
      ))}
    </div>
  )
}

function NoDesktops() {
  return (
    <Empty text={t`A desktop is a whole computer in your browser: launch one below, close the tab, and find it here again.`}>
      <Button component="a" href="#gallery" variant="light">
        {t`Choose a desktop`}
      </Button>
    </Empty>
  )
}

function Cards({ desktops }: { desktops: Desktop[] }) {
  const [order, setOrder] = useState<number[]>([])
  const [asked, setAsked] = useState<Asked | null>(null)
  const askedAbout = desktops.find(({ id }) => id === asked?.id)
  const shown = inSteadyOrder(desktops, order)
  const ids = shown.map(({ id }) => id)
  if (ids.join() !== order.join()) setOrder(ids)
  return (
    <>
      <ul className={cards.cards}>
        {shown.map((desktop) => (
          <li key={desktop.id}>
            <DesktopCard
              desktop={desktop}
              onAsk={(what) => {
                setAsked({ what, id: desktop.id })
              }}
            />
          </li>
        ))}
      </ul>
      <Suspense>
        {asked && askedAbout && (
          <CardDialog
            what={asked.what}
            desktop={askedAbout}
            onClose={() => {
              setAsked(null)
            }}
          />
        )}
      </Suspense>
    </>
  )
}
