import { Checkbox, Radio } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import '@mantine/core/styles/Radio.layer.css'
import { useSaveGroup, type GroupDetails, type GroupWish } from '../../api/groups'
import { showDone, showProblem } from '../../components/notices'
import { Panel } from '../../components/panel'
import { wishOf } from '../groups/group-dialog'
import { PolicyPill } from '../groups/policy-pill'
import classes from './group.module.css'

type Props = { group: GroupDetails; mayChange: boolean }

const choices: { value: GroupWish['tracking']; label: string; description: string }[] = [
  { value: 'off', label: 'Off', description: 'Nothing is recorded.' },
  { value: 'consent', label: 'By consent', description: 'Each person is asked once, and may withdraw it.' },
  { value: 'notice', label: 'On, with notice', description: 'A sign in the desktop says that it is recorded.' },
]

/** What may be tracked of the people in a group: kept at once, with a way back. */
export function TrackingPolicy({ group, mayChange }: Props) {
  return (
    <Panel title="Tracking of applications">
      {mayChange ? (
        <Policies group={group} />
      ) : (
        <p>
          <PolicyPill tracking={group.tracking} /> {group.window_titles ? 'with titles of windows' : 'without titles of windows'}
        </p>
      )}
      <p className={classes.soft}>The strictest of a person’s groups wins.</p>
    </Panel>
  )
}

function Policies({ group }: { group: GroupDetails }) {
  const save = useSaveGroup()
  const before = wishOf(group)
  const shown = save.isPending ? save.variables.wish : before
  const change = (part: Partial<GroupWish>) => {
    save.mutateAsync({ id: group.id, wish: { ...before, ...part } }).then(() => {
      showDone(`${group.name} is changed. The devices of its people are told.`, {
        label: 'Undo',
        run: () => {
          save.mutateAsync({ id: group.id, wish: before }).catch(showProblem)
        },
      })
    }, showProblem)
  }
  return (
    <>
      <Radio.Group
        aria-label="Tracking"
        className={classes.policies ?? ''}
        value={shown.tracking}
        onChange={(tracking) => {
          change({ tracking: tracking })
        }}
      >
        {choices.map((choice) => (
          <Radio key={choice.value} {...choice} disabled={save.isPending} />
        ))}
      </Radio.Group>
      <Checkbox
        label="Keep titles of windows"
        checked={shown.window_titles}
        disabled={save.isPending || shown.tracking === 'off'}
        onChange={(event) => {
          change({ window_titles: event.currentTarget.checked })
        }}
      />
    </>
  )
}
