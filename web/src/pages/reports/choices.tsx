import { t } from '@lingui/core/macro'
import '../../components/activity/mantine'
import { NativeSelect } from '@mantine/core'
import { serverNow } from '../../api/clock'
import { DayInput } from '../../components/activity/day-input'
import { todayIn, type Range } from '../../components/activity/dates'
import { comparisonOf, comparisons, presetOf, presets } from '../../components/activity/ranges'
import { inOwnLanguage } from '../../components/own-language'
import { useUser } from '../../components/signed-in'
import { ZoneSelect } from '../../components/zone-select'
import classes from './reports.module.css'
import {
  comparedRange,
  kinds,
  kindsFor,
  limits,
  periods,
  withComparison,
  withRange,
  withRows,
  type ReportState,
} from './report-state'

type Props = { state: ReportState; onChange: (state: ReportState) => void }

/** What is counted, by which periods, when, and with what it is compared. */
export function Choices({ state, onChange }: Props) {
  const user = useUser()
  return (
    <div className={classes.choices}>
      <NativeSelect
        label={t`Hours by`}
        data={kindsFor(user, state).map(({ by, name }) => ({ value: by, label: name }))}
        value={state.by}
        onChange={({ currentTarget }) => {
          onChange(withRows(state, kinds().find(({ by }) => by === currentTarget.value)?.by ?? 'user'))
        }}
      />
      <NativeSelect
        label={t`Split`}
        data={[{ value: '', label: t`As a whole` }, ...periods().map(({ period, name }) => ({ value: period, label: name }))]}
        value={state.period ?? ''}
        onChange={({ currentTarget }) => {
          const period = periods().find((one) => one.period === currentTarget.value)?.period ?? null
          onChange({ ...state, period })
        }}
      />
      <NativeSelect
        label={t`Show`}
        data={[...new Set([...limits, state.limit])].map((limit) => ({ value: String(limit), label: t`Top ${limit}` }))}
        value={String(state.limit)}
        onChange={({ currentTarget }) => {
          onChange({ ...state, limit: Number(currentTarget.value) })
        }}
      />
      <ZoneSelect
        label={t`Time zone`}
        zone={state.zone}
        onChange={(zone) => {
          onChange({ ...state, zone })
        }}
      />
      <RangeChoice state={state} onChange={onChange} />
      <ComparisonChoice state={state} onChange={onChange} />
    </div>
  )
}

const custom = inOwnLanguage(() => t`Other days`)

function RangeChoice({ state, onChange }: Props) {
  const today = todayIn(state.zone, serverNow())
  return (
    <div className={classes.range}>
      <NativeSelect
        label={t`When`}
        data={[...presets().map(({ name }) => name), custom()]}
        value={presetOf(state, today)?.name ?? custom()}
        onChange={({ currentTarget }) => {
          const preset = presets().find(({ name }) => name === currentTarget.value)
          if (preset) onChange(withRange(state, preset.range(today)))
        }}
      />
      <Days
        labels={[t`From`, t`To`]}
        range={state}
        onChange={(range) => {
          onChange(withRange(state, range))
        }}
      />
    </div>
  )
}

const none = inOwnLanguage(() => t`Nothing`)

function ComparisonChoice({ state, onChange }: Props) {
  const compared = comparedRange(state)
  const compare = (range: Range | null) => {
    onChange(withComparison(state, range))
  }
  return (
    <div className={classes.range}>
      <NativeSelect
        label={t`Compare with`}
        data={[none(), ...comparisons().map(({ name }) => name), ...(compared ? [custom()] : [])]}
        value={compared ? (comparisonOf(state, compared)?.name ?? custom()) : none()}
        onChange={({ currentTarget }) => {
          const comparison = comparisons().find(({ name }) => name === currentTarget.value)
          if (comparison) compare(comparison.range(state))
          if (currentTarget.value === none()) compare(null)
        }}
      />
      {compared && <Days labels={[t`Compared from`, t`Compared to`]} range={compared} onChange={compare} />}
    </div>
  )
}

type DaysProps = { labels: [string, string]; range: Range; onChange: (range: Range) => void }

/** Two days; the one follows where the other would lie on the wrong side of it. */
function Days({ labels: [first, last], range: { from, to }, onChange }: DaysProps) {
  return (
    <>
      <DayInput
        label={first}
        day={from}
        onChange={(day) => {
          onChange({ from: day, to: day > to ? day : to })
        }}
      />
      <DayInput
        label={last}
        day={to}
        onChange={(day) => {
          onChange({ from: day < from ? day : from, to: day })
        }}
      />
    </>
  )
}
