import { t } from '@lingui/core/macro'
import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { SessionApplication } from '../../api/sessions'
import { boundsOf, clockTime, sayDay } from '../../components/activity/dates'
import { spoken } from '../../components/activity/hours'
import { Axis, Lane } from '../../components/activity/lanes'
import { Twin } from '../../components/activity/twin'
import { inOwnLanguage } from '../../components/own-language'
import { useOwnZone } from '../../components/use-own-zone'
import { daysUsed, rowsOf, ticksOf, usedPart, type Kind, type Piece, type Row } from './usage-layout'
import classes from './usage-time-line.module.css'

const words = inOwnLanguage((): Record<Kind, string> => ({ open: t`Open`, foreground: t`In front` }))

/** When each application was open and when it was in front, a day at a time. */
export function UsageTimeLine({ applications }: { applications: SessionApplication[] }) {
  const zone = useOwnZone()
  const days = daysUsed(applications, zone)
  const [chosen, setChosen] = useState<string | null>(null)
  const day = days.find((one) => one === chosen) ?? days[0]
  if (day === undefined) return null
  return (
    <div className={classes.timeLine}>
      <div className={classes.head}>
        <NativeSelect
          label={t`Day`}
          value={day}
          data={days.map((value) => ({ value, label: sayDay(value) }))}
          onChange={(event) => {
            setChosen(event.currentTarget.value)
          }}
        />
        <Legend zone={zone} />
      </div>
      <Strip day={day} applications={applications} zone={zone} />
    </div>
  )
}

function Legend({ zone }: { zone: string }) {
  return (
    <ul className={classes.legend} aria-label={t`Legend`}>
      {(['open', 'foreground'] as const).map((kind) => (
        <li key={kind}>
          <span className={classes.swatch} data-kind={kind} aria-hidden="true" />
          {words()[kind]}
        </li>
      ))}
      <li>{t`Times of ${zone}`}</li>
    </ul>
  )
}

type StripProps = { day: string; applications: SessionApplication[]; zone: string }

function Strip({ day, applications, zone }: StripProps) {
  const part = usedPart(applications, boundsOf(day, zone))
  const rows = rowsOf(applications, part)
  return (
    <>
      <div role="img" aria-label={t`What was used on ${sayDay(day)}: the table says it, too`}>
        {rows.map(({ application, name, pieces }) => (
          <Lane key={application} name={name} height={20}>
            {pieces.map((piece) => (
              <span
                key={`${piece.kind} ${piece.start}`}
                className={classes.piece}
                data-kind={piece.kind}
                title={tell(name, piece, zone)}
                style={{ insetInlineStart: `${piece.left}%`, inlineSize: `${piece.width}%` }}
              />
            ))}
          </Lane>
        ))}
        <Axis ticks={ticksOf(part, zone)} />
      </div>
      <Twin>{() => <Table rows={rows} zone={zone} />}</Twin>
    </>
  )
}

const fromTo = ({ start, end }: Piece, zone: string) => `${clockTime(start, zone)} – ${clockTime(end, zone)}`
const lasting = ({ start, end }: Piece) => spoken((end - start) / 1000)
const tell = (name: string, piece: Piece, zone: string) =>
  `${name}: ${words()[piece.kind]}, ${fromTo(piece, zone)} (${lasting(piece)})`

function Table({ rows, zone }: { rows: Row[]; zone: string }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t`Application`}</th>
          <th scope="col">{t`State`}</th>
          <th scope="col">{t`Time`}</th>
          <th scope="col" data-number>
            {t({ message: 'For', context: 'how long' })}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.flatMap(({ application, name, pieces }) =>
          pieces.map((piece) => (
            <tr key={`${application} ${piece.kind} ${piece.start}`}>
              <th scope="row">{name}</th>
              <td>{words()[piece.kind]}</td>
              <td>{fromTo(piece, zone)}</td>
              <td data-number>{lasting(piece)}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  )
}
