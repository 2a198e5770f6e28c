import { t } from '@lingui/core/macro'
import { Button, Skeleton, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { historyQuery, type Days, type Owner, type SignIn } from '../api/sign-ins'
import { spoken } from './activity/hours'
import table from './data-table.module.css'
import { Empty } from './empty'
import { LoadFailure } from './load-failure'
import { OnNow } from './on-now'
import { inOwnLanguage } from './own-language'
import { PlaceLink } from './place-link'
import classes from './sign-in-history.module.css'
import { clock, day, isSameDay, zoneName } from './time'
import { useNow } from './use-now'

const allDays: Days = { from: '', to: '' }

/** Who sat at a computer, or where a person sat: from when until when, newest first. */
export function SignInHistory({ of: owner }: { of: Owner }) {
  const [days, setDays] = useState(allDays)
  const { data, error, isPending, refetch, ...more } = useInfiniteQuery(historyQuery(owner, days))
  const found = data?.pages.flatMap(({ items }) => items)
  return (
    <section aria-labelledby="history">
      <div className={classes.head}>
        <h2 id="history">{t`Login history`}</h2>
        <DayFields days={days} onChange={setDays} />
      </div>
      {isPending && <Skeleton height={320} radius={12} aria-hidden="true" />}
      {error && !data && <LoadFailure title={t`The history could not be loaded`} error={error} onRetry={() => void refetch()} />}
      {found && found.length > 0 && <History signIns={found} isOfDevice={'device_id' in owner} />}
      {found?.length === 0 && (
        <NoHistory
          text={'device_id' in owner ? nobodyYet() : nowhereYet()}
          isFiltered={days.from !== '' || days.to !== ''}
          onClear={() => {
            setDays(allDays)
          }}
        />
      )}
      {more.hasNextPage && (
        <div className={table.more}>
          <Button variant="default" loading={more.isFetchingNextPage} onClick={() => void more.fetchNextPage()}>
            {t`Show older ones`}
          </Button>
        </div>
      )}
    </section>
  )
}

function DayFields({ days, onChange }: { days: Days; onChange: (days: Days) => void }) {
  return (
    <div className={classes.days}>
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          type="date"
          size="sm"
          label={end === 'from' ? t`From` : t`To`}
          value={days[end]}
          {...(end === 'from' ? { max: days.to } : { min: days.from })}
          onChange={({ currentTarget }) => {
            onChange({ ...days, [end]: currentTarget.value })
          }}
        />
      ))}
    </div>
  )
}

const nobodyYet = inOwnLanguage(() => t`Nobody has signed in here yet: as soon as the computer reports somebody, it is told here.`)
const nowhereYet = inOwnLanguage(() => t`This person has not signed in yet: as soon as a computer reports them, it is told here.`)

type NoHistoryProps = { text: string; isFiltered: boolean; onClear: () => void }

function NoHistory({ text, isFiltered, onClear }: NoHistoryProps) {
  if (!isFiltered) return <Empty text={text} />
  return (
    <Empty text={t`There was no sign-in in these days.`}>
      <Button variant="light" onClick={onClear}>
        {t`Show all days`}
      </Button>
    </Empty>
  )
}

type HistoryProps = { signIns: SignIn[]; isOfDevice: boolean }

function History({ signIns, isOfDevice }: HistoryProps) {
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const Who = isOfDevice ? Person : Computer
  return (
    <>
      <p className={classes.zone}>{t`Times are those of ${zoneName()}.`}</p>
      <table className={table.table}>
        <thead>
          <tr>
            {(isNarrow ? [t`When`] : [t`Day`, t`From`, t`Until`, t({ message: 'For', context: 'how long' })]).map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">{isOfDevice ? t`Person` : t`Computer`}</th>
          </tr>
        </thead>
        <tbody>
          {signIns.map((signIn) => (
            <tr key={signIn.id}>
              {isNarrow ? <ShortWhen signIn={signIn} /> : <When signIn={signIn} />}
              <td className={classes.who}>
                <Who signIn={signIn} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function When({ signIn }: { signIn: SignIn }) {
  return (
    <>
      <td>{day(signIn.started_at)}</td>
      <td>{clock(signIn.started_at)}</td>
      <td>{signIn.online ? <OnNow /> : until(signIn)}</td>
      <td>
        <Length signIn={signIn} />
      </td>
    </>
  )
}

/** The same in two lines, for a phone. */
function ShortWhen({ signIn }: { signIn: SignIn }) {
  return (
    <td>
      <div>
        {day(signIn.started_at)} · <Length signIn={signIn} />
      </div>
      <div className={table.soft}>
        {clock(signIn.started_at)} – {signIn.online ? <OnNow /> : until(signIn)}
      </div>
    </td>
  )
}

/** How long somebody was there: who is there still, so far. */
function Length({ signIn: { started_at, ends_at, online } }: { signIn: SignIn }) {
  const now = useNow(30_000)
  const end = online ? now : Date.parse(ends_at)
  return spoken(Math.max(0, end - Date.parse(started_at)) / 1000)
}

function until({ started_at, ends_at }: SignIn): string {
  return isSameDay(started_at, ends_at) ? clock(ends_at) : `${day(ends_at)}, ${clock(ends_at)}`
}

function Person({ signIn }: { signIn: SignIn }) {
  return <PlaceLink to={`/people/${signIn.user_id}`}>{signIn.full_name ?? signIn.username}</PlaceLink>
}

function Computer({ signIn: { device_id, device, room } }: { signIn: SignIn }) {
  return (
    <span className={table.pair}>
      <PlaceLink to={`/devices/${device_id}`}>{device}</PlaceLink>
      {room && <span className={table.soft}>{room}</span>}
    </span>
  )
}
