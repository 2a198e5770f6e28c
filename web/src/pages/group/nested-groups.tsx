import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useNest, type GroupBrief, type GroupDetails } from '../../api/groups'
import { messageOf } from '../../api/problem'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { GroupsChoice } from '../../components/groups-choice'
import { showDone, showProblem } from '../../components/notices'
import { Panel } from '../../components/panel'
import classes from './group.module.css'

type Props = { group: GroupDetails; mayChange: boolean }

/** The groups that lie in a group. */
export function NestedGroups({ group, mayChange }: Props) {
  const [isAdding, setIsAdding] = useState(false)
  return (
    <Panel title="Groups in it">
      {group.nested.length === 0 && <p className={classes.soft}>None. People of a group that lies in it belong to it, too.</p>}
      <ul className={classes.nested}>
        {group.nested.map((inner) => (
          <li key={inner.id}>
            <Link to={`/groups/${inner.id}`}>{inner.name}</Link>
            {mayChange && <TakeOut group={group} inner={inner} />}
          </li>
        ))}
      </ul>
      {mayChange && (
        <Button
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          onClick={() => {
            setIsAdding(true)
          }}
        >
          Lay groups into it
        </Button>
      )}
      {isAdding && (
        <NestDialog
          group={group}
          onClose={() => {
            setIsAdding(false)
          }}
        />
      )}
    </Panel>
  )
}

function TakeOut({ group, inner }: { group: GroupDetails; inner: GroupBrief }) {
  const nest = useNest()
  const put = (isThere: boolean) => nest.mutateAsync({ group: group.id, nested: inner.id, isThere })
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`Take ${inner.name} out`}
      onClick={() => {
        put(false).then(() => {
          showDone(`${inner.name} does not lie in ${group.name} any more.`, {
            label: 'Undo',
            run: () => {
              put(true).catch(showProblem)
            },
          })
        }, showProblem)
      }}
    >
      <IconX size={17} aria-hidden="true" />
    </ActionIcon>
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
    <Dialog title={`Lay groups into ${group.name}`} isOpen onClose={onClose} size="lg">
      <DialogForm
        action="Lay into it"
        isBusy={nest.isPending}
        isDisabled={chosen.length === 0}
        onSubmit={() => {
          submit().catch(() => undefined)
        }}
        onClose={onClose}
      >
        <GroupsChoice label="Groups" chosen={chosen} onChange={setChosen} />
        {nest.error && <p role="alert">{messageOf(nest.error)}</p>}
      </DialogForm>
    </Dialog>
  )
}
