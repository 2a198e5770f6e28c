import { t } from '@lingui/core/macro'
import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Piece } from '../../api/activity'
import { inOwnLanguage } from '../own-language'
import { boundsOf, clockTime, sayDay } from './dates'
import { spoken } from './hours'
import { Axis, Lane } from './lanes'
import { cut, lanes, place, ticksOf, type Bounds, type Placed } from './strip-layout'
import classes from './time-line-strip.module.css'

type Props = { day: string; zone: string; pieces: Piece[]; colourOf: (piece: Piece) => string }

/**
 * What a person did on a day, from its first minute to its last. The pointer tells of each piece; with the keyboard
 * the strip is one slider, which goes from piece to piece.
 */
export function TimeLineStrip({ day, zone, pieces, colourOf }: Props) {
  const bounds = boundsOf(day, zone)
  const drawn = lanes().map(({ kind, name }) => ({ name, placed: place(pieces, kind, bounds) }))
  const all = drawn.flatMap(({ placed }) => placed).toSorted((one, other) => one.left - other.left)
  const [told, setTold] = useState<number | null>(null)
  const say = (placed: Placed) => tell(placed.piece, bounds, zone)
  const current = told === null ? undefined : all[told]
  const point = (event: PointerEvent) => {
    const number = (event.target as HTMLElement).dataset['number']
    setTold(number === undefined ? null : Number(number))
  }
  return (
    <div className={classes.strip}>
      <div
        className={classes.lanes}
        onPointerOver={point}
        onPointerDown={point}
        onPointerLeave={() => {
          setTold(null)
        }}
        {...sliderOver(all, told, setTold, t`${sayDay(day)}: ${all.length} intervals`, say)}
      >
        {drawn.map(({ name, placed }) => (
          <Lane key={name} name={name} height={tracksOf(placed) * 18}>
            {placed.map((one) => (
              <span
                key={all.indexOf(one)}
                data-number={all.indexOf(one)}
                data-told={one === current}
                className={classes.piece}
                style={{
                  insetInlineStart: `${one.left}%`,
                  inlineSize: `${one.width}%`,
                  insetBlockStart: `${one.track * 18}px`,
                  background: colourOf(one.piece),
                }}
              />
            ))}
          </Lane>
        ))}
        {current && <Tip placed={current} text={say(current)} />}
      </div>
      <Axis ticks={ticksOf(day, zone)} />
    </div>
  )
}

const tracksOf = (placed: Placed[]) => Math.max(1, ...placed.map(({ track }) => track + 1))

const words = inOwnLanguage(() => ({ presence: t`At the computer`, event: t`Event`, application: t`Application`, 'open-application': t`Open` }))

/** "Application Writer on pc-1, 09:00 – 09:30 (30 min)". */
function tell(piece: Piece, bounds: Bounds, zone: string): string {
  const { start, end } = cut(piece, bounds)
  const what = [words()[piece.kind], piece.name].filter((word) => word !== '').join(' ')
  return t`${what} on ${piece.device}, ${clockTime(start, zone)} – ${clockTime(end, zone)} (${spoken((end - start) / 1000)})`
}

function sliderOver(
  all: Placed[],
  told: number | null,
  setTold: (number: number | null) => void,
  name: string,
  say: (placed: Placed) => string,
) {
  if (all.length === 0) return {}
  const last = all.length - 1
  const current = all[told ?? 0]
  const moves: Record<string, number> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -last, End: last }
  return {
    role: 'slider',
    tabIndex: 0,
    'aria-label': name,
    'aria-valuemin': 1,
    'aria-valuemax': all.length,
    'aria-valuenow': (told ?? 0) + 1,
    'aria-valuetext': current && say(current),
    onFocus: () => {
      setTold(told ?? 0)
    },
    onBlur: () => {
      setTold(null)
    },
    onKeyDown: (event: KeyboardEvent) => {
      const move = moves[event.key]
      if (move === undefined) return
      event.preventDefault()
      event.stopPropagation()
      setTold(Math.min(last, Math.max(0, (told ?? 0) + move)))
    },
  }
}

function Tip({ placed, text }: { placed: Placed; text: string }) {
  const middle = placed.left + placed.width / 2
  return (
    <div className={classes.tipTrack} aria-hidden="true">
      <span className={classes.tip} style={{ insetInlineStart: `${middle}%`, translate: `-${middle}% 0` }}>
        {text}
      </span>
    </div>
  )
}
