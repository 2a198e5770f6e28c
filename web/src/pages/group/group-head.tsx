import { plural, t } from '@lingui/core/macro'
import { Menu } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { Fragment, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { useDeleteGroup, type GroupDetails } from '../../api/groups'
import { DeleteForm } from '../../components/delete-form'
import { Dialog } from '../../components/dialog'
import { MoreMenu } from '../../components/more-menu'
import { showDone, showProblem } from '../../components/notices'
import { GroupDialog } from '../groups/group-dialog'
import classes from './group.module.css'

type Props = { group: GroupDetails; mayChange: boolean }

/** What a group is called, where it lies, and what administrators can do with it. */
export function GroupHead({ group, mayChange }: Props) {
  const [asking, setAsking] = useState<'name' | 'delete' | null>(null)
  const close = () => {
    setAsking(null)
  }
  return (
    <header className={classes.head}>
      <div>
        <h1>{group.name}</h1>
        {group.description && <p>{group.description}</p>}
        <Around group={group} isLinked={mayChange} />
      </div>
      {mayChange && (
        <MoreMenu name={group.name}>
          <Menu.Item
            leftSection={<IconPencil size={17} aria-hidden="true" />}
            onClick={() => {
              setAsking('name')
            }}
          >
            {t`Edit…`}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTrash size={17} aria-hidden="true" />}
            onClick={() => {
              setAsking('delete')
            }}
          >
            {t`Delete…`}
          </Menu.Item>
        </MoreMenu>
      )}
      {asking === 'name' && <GroupDialog group={group} onClose={close} onSaved={close} />}
      {asking === 'delete' && <DeleteDialog group={group} onClose={close} />}
    </header>
  )
}

/** Who looks after a group may see no group around it: then there are only names. */
function Around({ group: { around, people }, isLinked }: { group: GroupDetails; isLinked: boolean }) {
  return (
    <p>
      {plural(people, { one: '# person', other: '# people' })}
      {around.length > 0 && t`, lies in `}
      {around.map(({ id, name }, index) => (
        <Fragment key={id}>
          {index > 0 && ', '}
          {isLinked ? <Link to={`/groups/${id}`}>{name}</Link> : name}
        </Fragment>
      ))}
    </p>
  )
}

function DeleteDialog({ group, onClose }: { group: GroupDetails; onClose: () => void }) {
  const remove = useDeleteGroup()
  const navigate = useNavigate()
  const submit = () => {
    remove.mutateAsync(group.id).then(async () => {
      await navigate('/groups')
      showDone(t`${group.name} is deleted.`)
    }, showProblem)
  }
  return (
    <Dialog title={t`Delete ${group.name}`} isOpen onClose={onClose}>
      <DeleteForm name={group.name} isBusy={remove.isPending} onDelete={submit} onClose={onClose}>
        {t`Its people stay, and so do the groups in it. What the group was given they have no longer, and of those who are in no other group the server’s own settings say what is tracked.`}
      </DeleteForm>
    </Dialog>
  )
}
