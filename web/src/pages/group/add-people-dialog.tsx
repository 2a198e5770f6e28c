import { plural, t } from '@lingui/core/macro'
import { useState } from 'react'
import { candidatesQuery, usePutMembers, type GroupDetails } from '../../api/groups'
import { messageOf } from '../../api/problem'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { showDone } from '../../components/notices'
import { PeopleChoice, type Named } from '../../components/people-choice'

type Props = { group: GroupDetails; onClose: () => void }

export function AddPeopleDialog({ group, onClose }: Props) {
  const [chosen, setChosen] = useState<Named[]>([])
  const put = usePutMembers()
  const people = plural(chosen.length, { one: '# person', other: '# people' })
  const submit = () => {
    const members = chosen.map(({ id }) => ({ user_id: id, is_administrator: false }))
    put.mutateAsync({ group: group.id, members }).then(
      () => {
        onClose()
        showDone(plural(chosen.length, { one: `# person is in ${group.name} now.`, other: `# people are in ${group.name} now.` }))
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={t`Add people to ${group.name}`} isOpen onClose={onClose} size="lg">
      <DialogForm
        action={chosen.length === 0 ? t`Add` : t`Add ${people}`}
        isBusy={put.isPending}
        isDisabled={chosen.length === 0}
        onSubmit={submit}
        onClose={onClose}
      >
        <PeopleChoice label={t`People who are not in it`} chosen={chosen} onChange={setChosen} find={candidatesQuery(group.id)} />
        {put.error && <p role="alert">{messageOf(put.error)}</p>}
      </DialogForm>
    </Dialog>
  )
}
