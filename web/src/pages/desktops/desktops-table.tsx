import { Checkbox } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import { useMemo, useState } from 'react'
import { Link } from 'react-router'
import type { Desktop } from '../../api/client'
import { may } from '../../api/rights'
import { count } from '../../components/activity/hours'
import table from '../../components/data-table.module.css'
import { PlaceLink } from '../../components/place-link'
import { RelativeTime } from '../../components/relative-time'
import { cpuWords, memoryWords } from '../../components/size-words'
import { useUser } from '../../components/signed-in'
import { isActive, Status } from '../../components/status'
import { useSteadyRows, type Row } from '../../components/steady-rows'
import { TemplateIcon } from '../../components/template-icon'
import { BulkBar } from './bulk-bar'
import classes from './desktops.module.css'
import { DesktopDialog, type Asked } from './dialogs'
import { RowMenu } from './row-menu'

type Props = { found: Desktop[]; all: Desktop[]; filter: string }

/**
 * The desktops found. None moves while somebody points at them or has chosen some. Who may only see them chooses none.
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
        {came + left > 0 && <span> · {count(came + left)} more changed: move away to see</span>}
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
              {mayChange && (
                <th scope="col">
                  <Checkbox
                    size="xs"
                    aria-label="Choose all"
                    checked={selected.length === rows.length}
                    indeterminate={selected.length > 0 && selected.length < rows.length}
                    onChange={(event) => {
                      toggle(rows.map(({ item }) => item.id), event.currentTarget.checked)
                    }}
                  />
                </th>
              )}
              {['Name', 'Owner', 'Status', 'Since', 'Size', 'Why'].map((name) => (
                <th key={name} scope="col" className={classes[name.toLowerCase()]}>
                  {name}
                </th>
              ))}
              <th scope="col">
                <span className={classes.hidden}>What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Line key={row.item.id} row={row} isChosen={chosen.has(row.item.id)} onToggle={toggle} onAsk={setAsked} />
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

function useMayChange(): boolean {
  return may(useUser(), 'desktops:write', 'group')
}

function Counts({ desktops, total }: { desktops: Desktop[]; total: number }) {
  const running = desktops.filter(isActive).length
  const failed = desktops.filter(({ state }) => state === 'failed').length
  return (
    <>
      {desktops.length < total ? `${count(desktops.length)} of ${count(total)}` : count(total)}
      {total === 1 ? ' desktop' : ' desktops'} · {count(running)} active · {count(failed)} failed
    </>
  )
}

type LineProps = {
  row: Row<Desktop>
  isChosen: boolean
  onToggle: (ids: number[], isChosen: boolean) => void
  onAsk: (asked: Asked) => void
}

function Line({ row: { item: desktop, hasLeft }, isChosen, onToggle, onAsk }: LineProps) {
  const mayChange = useMayChange()
  return (
    <tr data-left={hasLeft || undefined} className={classes.row}>
      {mayChange && (
        <td>
          <Checkbox
            size="xs"
            aria-label={`Choose ${desktop.name} of ${desktop.owner.username}`}
            disabled={hasLeft}
            checked={isChosen && !hasLeft}
            onChange={(event) => {
              onToggle([desktop.id], event.currentTarget.checked)
            }}
          />
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
      <td>{hasLeft ? 'Deleted' : <Status state={desktop.state} />}</td>
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
