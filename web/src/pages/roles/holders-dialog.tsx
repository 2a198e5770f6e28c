import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { useSetHolders, type Role } from '../../api/roles'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { GroupsChoice } from '../../components/groups-choice'
import { showDone } from '../../components/notices'
import { PeopleChoice } from '../../components/people-choice'
import { Refusal } from '../../components/refusal'

type Props = { role: Role; onClose: () => void }

/** Says who has a role: people, and the people of groups. */
export function HoldersDialog({ role, onClose }: Props) {
  const [people, setPeople] = useState(role.people as { id: number; username: string }[])
  const [groups, setGroups] = useState(role.groups)
  const save = useSetHolders()
  const submit = () => {
    save.mutateAsync({ id: role.id ?? 0, before: role, after: { people, groups } }).then(
      () => {
        onClose()
        showDone(t`Who has ${role.name} is saved.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={t`Who has ${role.name}`} isOpen onClose={onClose}>
      <DialogForm action={t`Save`} isBusy={save.isPending} onSubmit={submit} onClose={onClose}>
        <Refusal error={save.error} />
        <PeopleChoice label={t`People`} chosen={people} onChange={setPeople} />
        <GroupsChoice label={t`Groups, with those that lie in them`} chosen={groups} onChange={setGroups} />
      </DialogForm>
    </Dialog>
  )
}
