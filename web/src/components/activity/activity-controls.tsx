import './mantine'
import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { HoursQuestion } from '../../api/activity'
import { rangeOf, step, titleOf, views, type ActivityState, type View } from './activity-state'
import { ExportMenu } from './export-buttons'
import classes from './person-activity.module.css'
import { ZoneSelect } from '../zone-select'

type Props = {
  state: ActivityState
  today: string
  question: HoursQuestion
  onChange: (state: ActivityState) => void
}

const names: Record<View, string> = { day: 'Day', week: 'Week', month: 'Month', year: 'Year' }

/** Which days are shown, in which zone; the arrow keys go to those before and after. */
export function ActivityControls({ state, today, question, onChange }: Props) {
  const { from, to } = rangeOf(state)
  const hasToday = from <= today && today <= to
  return (
    <div className={classes.controls}>
      <div className={classes.steps}>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={`The ${state.view} before`}
          title={`The ${state.view} before (←)`}
          aria-keyshortcuts="ArrowLeft"
          onClick={() => {
            onChange(step(state, -1))
          }}
        >
          <IconChevronLeft size={18} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={`The ${state.view} after`}
          title={`The ${state.view} after (→)`}
          aria-keyshortcuts="ArrowRight"
          onClick={() => {
            onChange(step(state, 1))
          }}
        >
          <IconChevronRight size={18} aria-hidden="true" />
        </ActionIcon>
        <Button
          variant="default"
          disabled={hasToday}
          onClick={() => {
            onChange({ ...state, day: today })
          }}
        >
          Today
        </Button>
        <h2 aria-live="polite">{titleOf(state)}</h2>
      </div>
      <SegmentedControl
        aria-label="How many days"
        data={views.map((view) => ({ value: view, label: names[view] }))}
        value={state.view}
        onChange={(view) => {
          onChange({ ...state, view })
        }}
      />
      <ZoneSelect
        label="Time zone"
        zone={state.zone}
        onChange={(zone) => {
          onChange({ ...state, zone })
        }}
      />
      <ExportMenu
        choices={[
          { name: 'Hours by day', question: { ...question, period: 'day' } },
          { name: 'Applications by day', question: { ...question, by: 'application', period: 'day', limit: 1000 } },
          { name: 'Events by day', question: { ...question, by: 'event', period: 'day', limit: 1000 } },
          { name: 'Devices by day', question: { ...question, by: 'device', period: 'day', limit: 1000 } },
        ]}
      />
    </div>
  )
}
