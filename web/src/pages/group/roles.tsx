import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { GroupDetails } from '../../api/groups'
import { rolesOfGroupQuery, rolesQuery, useBindGroup, type RoleOfGroup } from '../../api/roles'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { LoadFailure } from '../../components/load-failure'
import { showDone } from '../../components/notices'
import { PlaceLink } from '../../components/place-link'
import { Refusal } from '../../components/refusal'
import { inWords } from '../../components/right-words'
import classes from './group.module.css'
import { ListPanel, TakeButton } from './list-panel'

type Props = { group: GroupDetails; mayChange: boolean }

/** The roles that the people of a group have by it, and by the groups in which it lies. */
export function Roles({ group, mayChange }: Props) {
  const { data: roles, error, refetch } = useQuery(rolesOfGroupQuery(group.id))
  if (!roles && error) {
    return <LoadFailure title={t`The roles could not be loaded`} error={error} onRetry={() => void refetch()} />
  }
  return (
    <ListPanel
      title={t`Roles`}
      none={roles?.length === 0 ? t`None: its people may do what everyone may.` : null}
      add={mayChange ? t`Give it a role` : null}
      dialog={(onClose) => <GiveDialog group={group} given={roles ?? []} onClose={onClose} />}
    >
      {roles?.map((role) => (
        <li key={`${String(role.id)} ${String(role.group.id)}`}>
          <What role={role} group={group} />
          {mayChange && role.group.id === group.id && <TakeAway role={role} group={group} />}
        </li>
      ))}
    </ListPanel>
  )
}

function What({ role, group }: { role: RoleOfGroup; group: GroupDetails }) {
  return (
    <div className={classes.role}>
      <PlaceLink to="/roles">{role.name}</PlaceLink>
      {role.group.id !== group.id && (
        <span>
          {' '}
          <Trans>by <PlaceLink to={`/groups/${String(role.group.id)}`}>{role.group.name}</PlaceLink></Trans>
        </span>
      )}
      <p>{inWords(role.rights).join(' · ')}</p>
    </div>
  )
}

function TakeAway({ role, group }: { role: RoleOfGroup; group: GroupDetails }) {
  const bind = useBindGroup()
  return (
    <TakeButton
      label={t`Take ${role.name} from ${group.name}`}
      done={t`The people of ${group.name} don’t have ${role.name} by it any more.`}
      put={(hasIt) => bind.mutateAsync({ role: role.id, group: group.id, hasIt })}
    />
  )
}

function GiveDialog({ group, given, onClose }: { group: GroupDetails; given: RoleOfGroup[]; onClose: () => void }) {
  const [chosen, setChosen] = useState('')
  const { data: roles } = useQuery(rolesQuery)
  const bind = useBindGroup()
  const isGiven = (id: number) => given.some((role) => role.id === id && role.group.id === group.id)
  const offered = roles?.flatMap(({ id, name }) => (id === null || isGiven(id) ? [] : [{ value: String(id), label: name }]))
  const submit = () => {
    bind.mutateAsync({ role: Number(chosen), group: group.id, hasIt: true }).then(
      () => {
        onClose()
        showDone(t`The people of ${group.name} have the role from now on.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={t`Give ${group.name} a role`} isOpen onClose={onClose}>
      <DialogForm
        action={t`Give it`}
        isBusy={bind.isPending}
        isDisabled={chosen === ''}
        onSubmit={submit}
        onClose={onClose}
      >
        <Refusal error={bind.error} />
        <NativeSelect
          label={t`Role`}
          description={
            offered?.length === 0
              ? t`There is no other role. Roles are made on the page Roles.`
              : t`Its people have it, and those of groups that lie in it.`
          }
          data={[{ value: '', label: '–' }, ...(offered ?? [])]}
          data-autofocus
          value={chosen}
          onChange={(event) => {
            setChosen(event.currentTarget.value)
          }}
        />
      </DialogForm>
    </Dialog>
  )
}
