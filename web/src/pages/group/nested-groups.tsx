import { t } from '@lingui/core/macro'
import { useState } from 'react'
import { Link } from 'react-router'
import { useNest, type GroupBrief, type GroupDetails } from '../../api/groups'
import { messageOf } from '../../api/problem'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { GroupsChoice } from '../../components/groups-choice'
import { ListPanel, TakeButton } from './list-panel'

type Props = { group: GroupDetails; mayChange: boolean }

/** The groups that lie in a group. */
export function NestedGroups({ group, mayChange }: Props) {
  return (
    <ListPanel
      title={t`Groups in it`}
      none={group.nested.length === 0 ? t`None. People of a group that lies in it belong to it, too.` : null}
      add={mayChange ? t`Lay groups into it` : null}
      dialog={(onClose) => <NestDialog group={group} onClose={onClose} />}
    >
      {group.nested.map((inner) => (
        <li key={inner.id}>
          <Link to={`/groups/${inner.id}`}>{inner.name}</Link>
          {mayChange && <TakeOut group={group} inner={inner} />}
        </li>
      ))}
    </ListPanel>
  )
}

function TakeOut({ group, inner }: { group: GroupDetails; inner: GroupBrief }) {
  const nest = useNest()
  return (
    <TakeButton
      label={t`Take ${inner.name} out`}
      done={t`${inner.name} does not lie in ${group.name} any more.`}
      put={(isThere) => nest.mutateAsync({ group: group.id, nested: inner.id, isThere })}
    />
  )
}

function NestDialog({ group, onClose }: { group: GroupDetails; onClose: () => void }) {
  const [chosen, setChosen] = useState<GroupBrief[]>([])
  const nest = useNest()
  const submit = async () => {
    for (const { id } of chosen) await nest.mutateAsync({ group: group.id, nested: id, isThere: true })
    onClose()
  }
  return (
    <Dialog title={t`Lay groups into ${group.name}`} isOpen onClose={onClose} size="lg">
      <DialogForm
        action={t`Lay into it`}
        isBusy={nest.isPending}
        isDisabled={chosen.length === 0}
        onSubmit={() => {
          submit().catch(() => undefined)
        }}
        onClose={onClose}
      >
        <GroupsChoice label={t`Groups`} chosen={chosen} onChange={setChosen} />
        {nest.error && <p role="alert">{messageOf(nest.error)}</p>}
      </DialogForm>
    </Dialog>
  )
}
