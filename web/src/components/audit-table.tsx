import { t } from '@lingui/core/macro'
import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import type { AuditEntry, HistoryEntry } from '../api/audit'
import { differences, pageOf, thing, verbs, type Difference } from './audit-words'
import classes from './audit.module.css'
import table from './data-table.module.css'
import { RelativeTime } from './relative-time'

type Props = { entries: (HistoryEntry | AuditEntry)[]; isBusy?: boolean; hasLinks: boolean }

/** Who did what, with what was different. */
export function AuditTable({ entries, isBusy = false, hasLinks }: Props) {
  return (
    <table className={`${table.table} ${classes.audit}`} aria-busy={isBusy}>
      <thead>
        <tr>
          <th scope="col">{t`When`}</th>
          <th scope="col">{t`Who did what`}</th>
          <th scope="col">{t`What was different`}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.id}>
            <td>
              <RelativeTime at={entry.at} />
              {'address' in entry && entry.address && <div className={table.soft}>{entry.address}</div>}
            </td>
            <td>
              <Actor entry={entry} hasLinks={hasLinks} /> {verbs()[entry.action]} <Thing entry={entry} hasLinks={hasLinks} />
            </td>
            <td>
              <Differences of={differences(entry.before, entry.after)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type OfEntry = { entry: HistoryEntry; hasLinks: boolean }

function Actor({ entry: { actor }, hasLinks }: OfEntry) {
  if (actor.kind === 'system') return <strong>Deskbay</strong>
  if (actor.kind === 'nobody') return <strong>{t`Somebody not signed in`}</strong>
  const id = actor.id ?? ''
  const name = actor.name ?? (actor.kind === 'device' ? t`device ${id}` : t`somebody who is gone (${id})`)
  const page = actor.kind === 'device' ? '/devices/' : '/people/'
  return (
    <>
      {hasLinks && actor.name ? <Link to={`${page}${actor.id}`}>{name}</Link> : <strong>{name}</strong>}
      {actor.kind === 'token' && ` ${actor.token ? t`by the token ${actor.token}` : t`by a token that is gone`}`}
    </>
  )
}

function Thing({ entry: { object }, hasLinks }: OfEntry) {
  const name = object.name ?? object.id
  const page = hasLinks && object.name ? pageOf(object) : null
  return (
    <>
      {thing(object.kind)} {page && name ? <Link to={page}>{name}</Link> : name}
    </>
  )
}

const few = 3

function Differences({ of: all }: { of: Difference[] }) {
  const [isWhole, setIsWhole] = useState(false)
  const shown = isWhole ? all : all.slice(0, few)
  if (all.length === 0) return null
  return (
    <>
      <dl className={classes.differences}>
        {shown.map(({ name, before, after }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {before !== null && <del>{before}</del>}
              {before !== null && after !== null && <span aria-hidden="true"> → </span>}
              {after !== null && <ins>{after}</ins>}
            </dd>
          </div>
        ))}
      </dl>
      {all.length > few && (
        <UnstyledButton
          className={classes.more}
          aria-expanded={isWhole}
          onClick={() => {
            setIsWhole(!isWhole)
          }}
        >
          {isWhole ? t`Show less` : t`Show all ${all.length}`}
        </UnstyledButton>
      )}
    </>
  )
}
