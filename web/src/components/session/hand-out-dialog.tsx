import { plural, t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import type { GroupBrief } from '../../api/groups'
import { idsOf } from '../../api/ids-of'
import { messageOf } from '../../api/problem'
import { useHandOut, type Session } from '../../api/sessions'
import { Dialog } from '../dialog'
import { DialogForm } from '../dialog-form'
import { GroupsChoice } from '../groups-choice'
import { showDone } from '../notices'
import { PeopleChoice, type Named } from '../people-choice'

type Props = { session: Session; onClose: () => void }

/** Gives copies of a session to other people, as the set-up of a lesson. */
export function HandOutDialog({ session, onClose }: Props) {
  const [name, setName] = useState(session.name)
  const [groups, setGroups] = useState<GroupBrief[]>([])
  const [people, setPeople] = useState<Named[]>([])
  const receivers = receiversOf(groups.length, people.length)
  const handOut = useHandOut()
  const submit = () => {
    const receiving = { group_ids: idsOf(groups), user_ids: idsOf(people) }
    handOut.mutateAsync({ id: session.id, name: name.trim() || null, ...receiving }).then(
      ({ items }) => {
        onClose()
        showDone(t`${countOfPeople(items.length)} got a copy of ${session.name}.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={t`Hand out ${session.name}`} isOpen onClose={onClose} size="lg">
      <DialogForm
        action={receivers ? t`Hand out to ${receivers}` : t`Hand out`}
        isBusy={handOut.isPending}
        isDisabled={groups.length + people.length === 0}
        onSubmit={submit}
        onClose={onClose}
      >
        <p>
          {t`Each person gets one copy as it was saved last, on the device of theirs that was seen last. It does not begin by itself.`}
        </p>
        <TextInput
          label={t`Name of the copies`}
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value)
          }}
        />
        <GroupsChoice label={t`Groups`} chosen={groups} onChange={setGroups} />
        <PeopleChoice label={t`People`} chosen={people} onChange={setPeople} />
        {handOut.error && <p role="alert">{messageOf(handOut.error)}</p>}
      </DialogForm>
    </Dialog>
  )
}

const receiversOf = (groups: number, people: number) =>
  [
    groups > 0 && plural(groups, { one: '# group', other: '# groups' }),
    people > 0 && countOfPeople(people),
  ]
    .filter(Boolean)
    .join(t` and `)

const countOfPeople = (people: number) => plural(people, { one: '# person', other: '# people' })
