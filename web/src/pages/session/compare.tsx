import { NativeSelect, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconEqual, IconMinus, IconPencil, IconPlus } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { comparisonQuery, saveQuery, type Save, type Session } from '../../api/sessions'
import { messageOf } from '../../api/problem'
import { ApplicationBadge } from '../../components/session/application-badge'
import { countOf } from '../../components/session/restore-looks'
import { Pill, type Look } from '../../components/status'
import tones from '../../components/status.module.css'
import { exact } from '../../components/time'
import { differences } from './differences'
import classes from './session.module.css'

type Props = { session: Session; saves: Save[] }

/** What differs between two saves, at first the newest and the one before. */
export function Compare({ session, saves }: Props) {
  const [fromId, setFromId] = useState<number | null>(null)
  const [toId, setToId] = useState<number | null>(null)
  const from = saves.find(({ id }) => id === fromId) ?? saves[1] ?? saves[0]
  const to = saves.find(({ id }) => id === toId) ?? saves[0]
  if (!from || !to) return null
  return (
    <section className={classes.part} aria-labelledby="compare">
      <h2 id="compare">Compare two saves</h2>
      <div className={classes.compared}>
        <SaveSelect label="From" saves={saves} value={from.id} onChange={setFromId} />
        <SaveSelect label="To" saves={saves} value={to.id} onChange={setToId} />
      </div>
      <Difference session={session} from={from.id} to={to.id} />
    </section>
  )
}

type SelectProps = { label: string; saves: Save[]; value: number; onChange: (id: number) => void }

function SaveSelect({ label, saves, value, onChange }: SelectProps) {
  return (
    <NativeSelect
      label={label}
      value={String(value)}
      data={saves.map(({ id, saved_at, applications }) => ({
        value: String(id),
        label: `${exact(saved_at)}, ${countOf(applications)}`,
      }))}
      onChange={(event) => {
        onChange(Number(event.currentTarget.value))
      }}
    />
  )
}

const looks = {
  opened: { word: 'Opened', Icon: IconPlus, tone: tones.good },
  closed: { word: 'Closed', Icon: IconMinus, tone: tones.bad },
  changed: { word: 'Changed', Icon: IconPencil, tone: tones.busy },
} satisfies Record<string, Look>

type DifferenceProps = { session: Session; from: number; to: number }

function Difference({ session, from, to }: DifferenceProps) {
  const comparison = useQuery(comparisonQuery(session.id, from, to))
  const before = useQuery(saveQuery(session.id, from))
  const after = useQuery(saveQuery(session.id, to))
  const error = comparison.error ?? before.error ?? after.error
  if (error) return <p role="alert">{messageOf(error)}</p>
  if (!comparison.data || !before.data || !after.data) return <Skeleton height={90} radius={12} aria-hidden="true" />
  const { came, went, changed, same } = comparison.data
  return (
    <ul className={classes.differences} aria-label="Differences">
      {came.map((one) => (
        <Item key={`came ${one.key}`} look={looks.opened} application={one} />
      ))}
      {went.map((one) => (
        <Item key={`went ${one.key}`} look={looks.closed} application={one} />
      ))}
      {changed.map((one) => (
        <Item key={`changed ${one.key}`} look={looks.changed} application={one}>
          {differences(one, before.data.snapshot, after.data.snapshot).map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
        </Item>
      ))}
      <li className={classes.same}>
        <IconEqual size={16} aria-hidden="true" /> {countOf(same)} the same
      </li>
    </ul>
  )
}

type ItemProps = { look: Look; application: { application: string; name: string }; children?: ReactNode }

function Item({ look, application: { application, name }, children }: ItemProps) {
  return (
    <li>
      <div className={classes.difference}>
        <Pill {...look} />
        <ApplicationBadge application={application} name={name} />
      </div>
      {children && <ul>{children}</ul>}
    </li>
  )
}
