import { t } from '@lingui/core/macro'
import { Checkbox, Radio } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import '@mantine/core/styles/Radio.layer.css'
import { useSaveGroup, type GroupDetails, type GroupWish } from '../../api/groups'
import { showDone, showProblem } from '../../components/notices'
import { inOwnLanguage } from '../../components/own-language'
import { Panel } from '../../components/panel'
import { wishOf } from '../groups/group-dialog'
import { PolicyPill } from '../groups/policy-pill'
import classes from './group.module.css'

type Props = { group: GroupDetails; mayChange: boolean }

const choices = inOwnLanguage((): { value: GroupWish['tracking']; label: string; description: string }[] => [
  { value: 'off', label: t`Off`, description: t`Nothing is recorded.` },
  { value: 'consent', label: t`By consent`, description: t`Each person is asked once, and may withdraw it.` },
  { value: 'notice', label: t`On, with notice`, description: t`A sign in the desktop says that it is recorded.` },
])

/** What may be tracked of the people in a group: kept at once, with a way back. */
export function TrackingPolicy({ group, mayChange }: Props) {
  return (
    <Panel title={t`Tracking of applications`}>
      {mayChange ? (
        <Policies group={group} />
      ) : (
        <p>
          <PolicyPill tracking={group.tracking} /> {group.window_titles ? t`with titles of windows` : t`without titles of windows`}
        </p>
      )}
      <p className={classes.soft}>{t`The strictest of a person’s groups wins.`}</p>
    </Panel>
  )
}

function Policies({ group }: { group: GroupDetails }) {
  const save = useSaveGroup()
  const before = wishOf(group)
  const shown = save.isPending ? save.variables.wish : before
  const change = (part: Partial<GroupWish>) => {
    save.mutateAsync({ id: group.id, wish: { ...before, ...part } }).then(() => {
      showDone(t`${group.name} is changed. The devices of its people are told.`, {
        label: t`Undo`,
        run: () => {
          save.mutateAsync({ id: group.id, wish: before }).catch(showProblem)
        },
      })
    }, showProblem)
  }
  return (
    <>
      <Radio.Group
        aria-label={t`Tracking`}
        className={classes.policies ?? ''}
        value={shown.tracking}
        onChange={(tracking) => {
          change({ tracking: tracking })
        }}
      >
        {choices().map((choice) => (
          <Radio key={choice.value} {...choice} disabled={save.isPending} />
        ))}
      </Radio.Group>
      <Checkbox
        label={t`Keep titles of windows`}
        checked={shown.window_titles}
        disabled={save.isPending || shown.tracking === 'off'}
        onChange={(event) => {
          change({ window_titles: event.currentTarget.checked })
        }}
      />
    </>
  )
}
