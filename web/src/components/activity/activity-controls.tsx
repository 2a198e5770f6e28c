import { t } from '@lingui/core/macro'
import './mantine'
import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { HoursQuestion } from '../../api/activity'
import { inOwnLanguage } from '../own-language'
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

const names = inOwnLanguage((): Record<View, { name: string; before: string; after: string }> => ({
  day: { name: t`Day`, before: t`The day before`, after: t`The day after` },
  week: { name: t`Week`, before: t`The week before`, after: t`The week after` },
  month: { name: t`Month`, before: t`The month before`, after: t`The month after` },
  year: { name: t`Year`, before: t`The year before`, after: t`The year after` },
}))

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
          aria-label={names()[state.view].before}
          title={`${names()[state.view].before} (←)`}
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
          aria-label={names()[state.view].after}
          title={`${names()[state.view].after} (→)`}
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
          {t`Today`}
        </Button>
        <h2 aria-live="polite">{titleOf(state)}</h2>
      </div>
      <SegmentedControl
        aria-label={t`How many days`}
        data={views.map((view) => ({ value: view, label: names()[view].name }))}
        value={state.view}
        onChange={(view) => {
          onChange({ ...state, view })
        }}
      />
      <ZoneSelect
        label={t`Time zone`}
        zone={state.zone}
        onChange={(zone) => {
          onChange({ ...state, zone })
        }}
      />
      <ExportMenu
        choices={[
          { name: t`Hours by day`, question: { ...question, period: 'day' } },
          { name: t`Applications by day`, question: { ...question, by: 'application', period: 'day', limit: 1000 } },
          { name: t`Events by day`, question: { ...question, by: 'event', period: 'day', limit: 1000 } },
          { name: t`Devices by day`, question: { ...question, by: 'device', period: 'day', limit: 1000 } },
        ]}
      />
    </div>
  )
}
