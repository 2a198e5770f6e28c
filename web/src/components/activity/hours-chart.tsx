import { t } from '@lingui/core/macro'
import './mantine'
import '@mantine/charts/styles.layer.css'
import { BarChart } from '@mantine/charts'
import type { KeyboardEvent } from 'react'
import type { Report } from '../../api/activity'
import { inOwnLanguage } from '../own-language'
import { barsOf, periodsOf } from './chart-data'
import classes from './hours-chart.module.css'
import { hours } from './hours'

type Props = { report: Report; title: string }

/** Hours as bars: by period and stacked where the report is split, or else one for each row. */
export default function HoursChart({ report, title }: Props) {
  return (
    <div className={classes.chart} onKeyDown={keepArrows} role="presentation">
      {report.period ? <PeriodBars report={report} title={title} /> : <RowBars report={report} title={title} />}
    </div>
  )
}

/** The arrow keys go from bar to bar; nothing else on the page may take them. */
function keepArrows(event: KeyboardEvent): void {
  if (event.key.startsWith('Arrow')) event.stopPropagation()
}

const valueFormatter = (value: number) => `${hours(value * 3600)} h`
const compact = inOwnLanguage((language) => new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }))
const axis = { tickFormatter: (value: number) => compact().format(value) }

function PeriodBars({ report, title }: Props) {
  const { data, series } = periodsOf(report)
  return (
    <BarChart
      h={320}
      type="stacked"
      data={data}
      dataKey="name"
      series={series}
      valueFormatter={valueFormatter}
      yAxisLabel={t`Hours`}
      yAxisProps={{ ...axis, width: 56 }}
      xAxisProps={{ minTickGap: 16 }}
      withLegend={series.length > 1}
      tooltipProps={{ wrapperStyle: { zIndex: 5 } }}
      barProps={{ stroke: 'var(--surface)', strokeWidth: 0.5, isAnimationActive: false }}
      maxBarWidth={56}
      barChartProps={{ title }}
      tooltipAnimationDuration={0}
    />
  )
}

function RowBars({ report, title }: Props) {
  const { data, series } = barsOf(report)
  return (
    <BarChart
      h={60 + data.length * (series.length > 1 ? 40 : 30)}
      orientation="vertical"
      data={data}
      dataKey="name"
      series={series}
      valueFormatter={valueFormatter}
      gridAxis="x"
      xAxisProps={axis}
      yAxisProps={{ width: 132, interval: 0, tickFormatter: shortened }}
      withLegend={series.length > 1}
      barProps={{ isAnimationActive: false, minPointSize: 1 }}
      maxBarWidth={22}
      barChartProps={{ title }}
      tooltipAnimationDuration={0}
    />
  )
}

const longestLabel = 19

function shortened(label: string): string {
  return label.length > longestLabel ? `${label.slice(0, longestLabel - 1).trimEnd()}…` : label
}
