import { t } from '@lingui/core/macro'
import { NativeSelect, Skeleton } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { IconEqual, IconMinus, IconPencil, IconPlus } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { comparisonQuery, saveQuery, savesQuery, sessionsQuery, type Save, type Session } from '../../api/sessions'
import { messageOf } from '../../api/problem'
import { inOwnLanguage } from '../../components/own-language'
import { ApplicationBadge } from '../../components/session/application-badge'
import { countOf } from '../../components/session/restore-looks'
import { Pill, type Look } from '../../components/status'
import tones from '../../components/status.module.css'
import { exact } from '../../components/time'
import { differences } from './differences'
import classes from './session.module.css'

/** A save, and the session that it is of; its newest ones are taken until one is chosen. */
type Side = { sessionId: number; saveId: number | null }

/** What differs between two saves, of this session or of another; at first between its newest and the one before. */
export function Compare({ session }: { session: Session }) {
  const { data: all = [] } = useQuery(sessionsQuery(false))
  const others = all.filter(({ id, saved_at }) => id !== session.id && saved_at !== null)
  const [from, setFrom] = useState<Side>({ sessionId: session.id, saveId: null })
  const [to, setTo] = useState<Side>(from)
  const older = useSaves(from.sessionId)
  const newer = useSaves(to.sessionId)
  const toSave = newer.find(({ id }) => id === to.saveId) ?? newer[0]
  const fromSave = older.find(({ id }) => id === from.saveId) ?? older.find(({ id }) => id !== toSave?.id) ?? older[0]
  if (others.length === 0 && older.length < 2) return null
  const sessions = [session, ...others]
  return (
    <section className={classes.part} aria-labelledby="compare">
      <h2 id="compare">{t`Compare two saves`}</h2>
      <div className={classes.compared}>
        <SideSelect label={t`From`} sessions={sessions} side={from} saves={older} save={fromSave} onChange={setFrom} />
        <SideSelect label={t`To`} sessions={sessions} side={to} saves={newer} save={toSave} onChange={setTo} />
      </div>
      {fromSave && toSave && fromSave.id !== toSave.id ? (
        <Difference from={{ ...from, saveId: fromSave.id }} to={{ ...to, saveId: toSave.id }} />
      ) : (
        <p className={classes.soft}>{t`Choose two saves that are not the same.`}</p>
      )}
    </section>
  )
}

function useSaves(sessionId: number): Save[] {
  const { data } = useInfiniteQuery(savesQuery(sessionId))
  return data?.pages.flatMap(({ items }) => items) ?? []
}

type SelectProps = {
  label: string
  sessions: Session[]
  side: Side
  saves: Save[]
  save: Save | undefined
  onChange: (side: Side) => void
}

function SideSelect({ label, sessions, side, saves, save, onChange }: SelectProps) {
  return (
    <fieldset className={classes.side}>
      <legend>{label}</legend>
      {sessions.length > 1 && (
        <NativeSelect
          label={t`Session`}
          value={String(side.sessionId)}
          data={sessions.map(({ id, name, device }) => ({ value: String(id), label: t`${name} on ${device.name}` }))}
          onChange={(event) => {
            onChange({ sessionId: Number(event.currentTarget.value), saveId: null })
          }}
        />
      )}
      <NativeSelect
        label={t`Save`}
        value={String(save?.id)}
        data={saves.map(({ id, saved_at, applications }) => ({
          value: String(id),
          label: `${exact(saved_at)}, ${countOf(applications)}`,
        }))}
        onChange={(event) => {
          onChange({ ...side, saveId: Number(event.currentTarget.value) })
        }}
      />
    </fieldset>
  )
}

const looks = inOwnLanguage(() => ({
  opened: { word: t`Opened`, Icon: IconPlus, tone: tones.good },
  closed: { word: t`Closed`, Icon: IconMinus, tone: tones.bad },
  changed: { word: t`Changed`, Icon: IconPencil, tone: tones.busy },
} satisfies Record<string, Look>))

type Chosen = { sessionId: number; saveId: number }

function Difference({ from, to }: { from: Chosen; to: Chosen }) {
  const comparison = useQuery(comparisonQuery(to.sessionId, from.saveId, to.saveId))
  const before = useQuery(saveQuery(from.sessionId, from.saveId))
  const after = useQuery(saveQuery(to.sessionId, to.saveId))
  const error = comparison.error ?? before.error ?? after.error
  if (error) return <p role="alert">{messageOf(error)}</p>
  if (!comparison.data || !before.data || !after.data) return <Skeleton height={90} radius={12} aria-hidden="true" />
  const { came, went, changed, same } = comparison.data
  return (
    <ul className={classes.differences} aria-label={t`Differences`}>
      {came.map((one) => (
        <Item key={`came ${one.key}`} look={looks().opened} application={one} />
      ))}
      {went.map((one) => (
        <Item key={`went ${one.key}`} look={looks().closed} application={one} />
      ))}
      {changed.map((one) => (
        <Item key={`changed ${one.key}`} look={looks().changed} application={one}>
          {differences(one, before.data.snapshot, after.data.snapshot).map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
        </Item>
      ))}
      <li className={classes.same}>
        <IconEqual size={16} aria-hidden="true" /> {t`${countOf(same)} the same`}
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
