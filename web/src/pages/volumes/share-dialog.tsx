import { t } from '@lingui/core/macro'
import { ActionIcon, Button, NativeSelect, Skeleton, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { messageOf } from '../../api/problem'
import {
  groupsToShareWithQuery, sharesQuery, useShareVolume, type Access, type Shares, type Volume,
} from '../../api/volumes'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { LoadFailure } from '../../components/load-failure'
import { showDone } from '../../components/notices'
import { inOwnLanguage } from '../../components/own-language'
import classes from './volumes.module.css'

type Props = { volume: Volume; onClose: () => void }

/** Says who may use a volume, and what they may do with its files. */
export function ShareDialog({ volume, onClose }: Props) {
  const { data, error, refetch } = useQuery({ ...sharesQuery(volume.id), gcTime: 0 })
  return (
    <Dialog title={t`Share ${volume.name}`} isOpen onClose={onClose}>
      {data && <ShareForm volume={volume} shares={data} onClose={onClose} />}
      {!data && error && (
        <LoadFailure title={t`The shares could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={180} radius={12} aria-hidden="true" />}
    </Dialog>
  )
}

type Row = { name: string; access: Access }
type GroupRow = Row & { id: number }

function ShareForm({ volume, shares, onClose }: Props & { shares: Shares }) {
  const [everyone, setEveryone] = useState(shares.everyone)
  const [people, setPeople] = useState<Row[]>(() =>
    shares.users.map(({ user, access }) => ({ name: user.username, access })),
  )
  const [groups, setGroups] = useState<GroupRow[]>(() =>
    shares.groups.map(({ group, access }) => ({ id: group.id, name: group.name, access })),
  )
  const save = useShareVolume()
  const submit = () => {
    const wish = {
      everyone,
      users: people.map(({ name, access }) => ({ username: name, access })),
      groups: groups.map(({ id, access }) => ({ group_id: id, access })),
    }
    save.mutateAsync({ id: volume.id, wish }).then(
      () => {
        onClose()
        showDone(t`${volume.name} is shared as you said.`)
      },
      () => undefined,
    )
  }
  return (
    <DialogForm action={t`Save`} isBusy={save.isPending} onSubmit={submit} onClose={onClose}>
      <NativeSelect
        label={t`Everyone`}
        data-autofocus
        value={everyone ?? ''}
        data={[{ value: '', label: t`nothing` }, ...accesses()]}
        onChange={(event) => {
          setEveryone((event.currentTarget.value || null) as Access | null)
        }}
      />
      <Rows what={t`People`} rows={people} onChange={setPeople} />
      <AddPerson
        onAdd={(name) => {
          setPeople([...people.filter((one) => one.name !== name), { name, access: 'read' }])
        }}
      />
      <Rows what={t`Groups`} rows={groups} onChange={setGroups} />
      <AddGroup
        chosen={groups}
        onAdd={(group) => {
          setGroups([...groups, { ...group, access: 'read' }])
        }}
      />
      <p>{t`Desktops of those who lose it, or the right to write, are started again without.`}</p>
      {save.error && <p role="alert">{messageOf(save.error)}</p>}
    </DialogForm>
  )
}

const accesses = inOwnLanguage((): { value: Access; label: string }[] => [
  { value: 'read', label: t`may read` },
  { value: 'write', label: t`may read and write` },
])

type RowsProps<One extends Row> = { what: string; rows: One[]; onChange: (rows: One[]) => void }

function Rows<One extends Row>({ what, rows, onChange }: RowsProps<One>) {
  if (rows.length === 0) return null
  return (
    <ul className={classes.shares} aria-label={what}>
      {rows.map((row) => (
        <li key={row.name}>
          <span>{row.name}</span>
          <NativeSelect
            size="xs"
            aria-label={t`What ${row.name} may do`}
            value={row.access}
            data={accesses()}
            onChange={(event) => {
              const access = event.currentTarget.value as Access
              onChange(rows.map((one) => (one === row ? { ...one, access } : one)))
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t`Share it with ${row.name} no more`}
            onClick={() => {
              onChange(rows.filter((one) => one !== row))
            }}
          >
            <IconX size={17} aria-hidden="true" />
          </ActionIcon>
        </li>
      ))}
    </ul>
  )
}

function AddPerson({ onAdd }: { onAdd: (name: string) => void }) {
  const [name, setName] = useState('')
  const add = () => {
    if (name.trim() === '') return
    onAdd(name.trim())
    setName('')
  }
  return (
    <div className={classes.add}>
      <TextInput
        label={t`Add a person`}
        placeholder={t`user name`}
        autoComplete="off"
        spellCheck={false}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          add()
        }}
      />
      <Button variant="light" onClick={add}>
        {t`Add`}
      </Button>
    </div>
  )
}

type AddGroupProps = { chosen: GroupRow[]; onAdd: (group: { id: number; name: string }) => void }

function AddGroup({ chosen, onAdd }: AddGroupProps) {
  const { data = [] } = useQuery(groupsToShareWithQuery)
  const others = data.filter(({ id }) => chosen.every((one) => one.id !== id))
  if (others.length === 0) return null
  return (
    <NativeSelect
      label={t`Add a group`}
      value=""
      data={[{ value: '', label: t`Choose…` }, ...others.map(({ id, name }) => ({ value: String(id), label: name }))]}
      onChange={(event) => {
        const group = others.find(({ id }) => String(id) === event.currentTarget.value)
        if (group) onAdd({ id: group.id, name: group.name })
      }}
    />
  )
}
