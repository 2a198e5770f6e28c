import { plural, t } from '@lingui/core/macro'
import { Checkbox } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import type { Desktop } from '../../api/client'
import { count } from '../../components/activity/hours'
import table from '../../components/data-table.module.css'
import { PlaceLink } from '../../components/place-link'
import { RelativeTime } from '../../components/relative-time'
import { cpuWords, memoryWords } from '../../components/size-words'
import { isActive, Status } from '../../components/status'
import { useSteadyRows, type Row } from '../../components/steady-rows'
import { TemplateIcon } from '../../components/template-icon'
import { BulkBar } from './bulk-bar'
import classes from './desktops.module.css'
import { DesktopDialog, type Asked } from './dialogs'
import { RowMenu } from './row-menu'
import { useMayChange } from './use-may-change'

type Props = { found: Desktop[]; all: Desktop[]; filter: string }

/**
 * The desktops found. None moves while somebody points at them or has chosen some. Only those are chosen that one may
 * change.
 */
export function DesktopsTable({ found, all, filter }: Props) {
  const [isPointedAt, setIsPointedAt] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const [asked, setAsked] = useState<Asked | null>(null)
  const mayChange = useMayChange()
  const byId = useMemo(() => new Map(all.map((desktop) => [desktop.id, desktop])), [all])
  const { rows, came, left } = useSteadyRows(found, byId, isPointedAt || asked !== null, filter)
  const selected = rows.filter(({ item, hasLeft }) => chosen.has(item.id) && !hasLeft).map(({ item }) => item)
  const toggle = (ids: number[], isChosen: boolean) => {
    const next = new Set(chosen)
    for (const id of ids) {
      if (isChosen) next.add(id)
      else next.delete(id)
    }
    setChosen(next)
  }
  const changeable = rows.filter(({ item }) => mayChange(item)).map(({ item }) => item.id)
  if (rows.length === 0) return null
  return (
    <>
      <BulkBar
        selected={selected}
        onAsk={setAsked}
        onClear={() => {
          setChosen(new Set())
        }}
      >
        <Counts desktops={found} total={all.length} />
        {came + left > 0 && <span>{t` · ${count(came + left)} more changed: move away to see`}</span>}
      </BulkBar>
      <div
        
        onPointerEnter={() => {
          setIsPointedAt(true)
        }}
        onPointerLeave={() => {
          setIsPointedAt(false)
        }}
      >
        <table className={table.table}>
          <thead>
            <tr>
              {changeable.length > 0 && (
                <th scope="col">
                  <Checkbox
                    size="xs"
                    aria-label={t`Choose all`}
                    checked={selected.length === changeable.length}
                    indeterminate={selected.length > 0 && selected.length < changeable.length}
                    onChange={(event) => {
                      toggle(changeable, event.currentTarget.checked)
                    }}
                  />
                </th>
              )}
              <th scope="col">{t`Name`}</th>
              <th scope="col">{t`Owner`}</th>
              <th scope="col">{t`Status`}</th>
              <th scope="col" className={classes.since}>{t`Since`}</th>
              <th scope="col" className={classes.size}>{t`Size`}</th>
              <th scope="col">{t`Why`}</th>
              <th scope="col">
                <span className={classes.hidden}>{t`What to do`}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Line
                key={row.item.id}
                row={row}
                mayChange={mayChange(row.item)}
                hasChoice={changeable.length > 0}
                isChosen={chosen.has(row.item.id)}
                onToggle={toggle}
                onAsk={setAsked}
              />
            ))}
          </tbody>
        </table>
      </div>
      {asked && (
        <DesktopDialog
          asked={asked}
          onClose={() => {
            setAsked(null)
          }}
        />
      )}
    </>
  )
}

function Counts({ desktops, total }: { desktops: Desktop[]; total: number }) {
  const running = desktops.filter(isActive).length
  const failed = desktops.filter(({ state }) => state === 'failed').length
  return (
    <>
      {desktops.length < total
        ? plural(total, { one: `${count(desktops.length)} of # desktop`, other: `${count(desktops.length)} of # desktops` })
        : plural(total, { one: '# desktop', other: '# desktops' })}
      {' · '}
      {t`${count(running)} active`} · {t`${count(failed)} failed`}
    </>
  )
}

type LineProps = {
  row: Row<Desktop>
  mayChange: boolean
  /** Whether there is a column to choose by. */
  hasChoice: boolean
  isChosen: boolean
  onToggle: (ids: number[], isChosen: boolean) => void
  onAsk: (asked: Asked) => void
}

function Line({ row: { item: desktop, hasLeft }, mayChange, hasChoice, isChosen, onToggle, onAsk }: LineProps) {
  return (
    <tr data-left={hasLeft || undefined} className={classes.row}>
      {hasChoice && (
        <td>
          {mayChange && (
            <Checkbox
              size="xs"
              aria-label={t`Choose ${desktop.name} of ${desktop.owner.username}`}
              disabled={hasLeft}
              checked={isChosen && !hasLeft}
              onChange={(event) => {
                onToggle([desktop.id], event.currentTarget.checked)
              }}
            />
          )}
        </td>
      )}
      <th scope="row" className={classes.name}>
        <span className={classes.icon} title={desktop.template.name}>
          <TemplateIcon name={desktop.template.icon} size={17} />
        </span>
        {mayChange ? <Link to={`/desktops/${desktop.id}`}>{desktop.name}</Link> : desktop.name}
      </th>
      <td className={classes.owner}>
        <PlaceLink to={`/people/${desktop.owner.id}`}>{desktop.owner.username}</PlaceLink>
      </td>
      <td>{hasLeft ? t`Deleted` : <Status state={desktop.state} />}</td>
      <td className={classes.since}>
        <RelativeTime at={desktop.state_since} />
      </td>
      <td className={classes.size}>
        {memoryWords(desktop.memory_mb)} · {cpuWords(desktop.cpus)}
      </td>
      <td className={classes.why} title={desktop.reason ?? undefined}>
        {desktop.reason}
      </td>
      <td className={classes.actions}>{!hasLeft && <RowMenu desktop={desktop} mayChange={mayChange} onAsk={onAsk} />}</td>
    </tr>
  )
}
