import { plural, t } from '@lingui/core/macro'
import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useRename, useStopFor, useTell, useTransfer } from '../../api/all-desktops'
import type { Desktop } from '../../api/client'
import { foundPeopleQuery } from '../../api/people'
import { messageOf } from '../../api/problem'
import { useDelete } from '../../api/queries'
import { DeleteForm } from '../../components/delete-form'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { ExtendForm } from '../../components/extend-form'
import { History } from '../../components/history'
import { showDone } from '../../components/notices'
import { RenameForm } from '../../components/rename-form'
import { doToEach, namesOf } from './each'

export type Asked = {
  what: 'stop' | 'extend' | 'tell' | 'delete' | 'history' | 'rename' | 'transfer'
  desktops: Desktop[]
}
type Props = { desktops: Desktop[]; onClose: () => void }

const titles: Record<Asked['what'], (names: string) => string> = {
  stop: (names) => t`Stop ${names}?`,
  extend: (names) => t`Extend ${names}`,
  tell: (names) => t`Message to the people of ${names}`,
  delete: (names) => t`Delete ${names}?`,
  history: (names) => t`What happened to ${names}`,
  rename: (names) => t`Rename ${names}`,
  transfer: (names) => t`Hand over ${names}`,
}

/** Asks what is needed to do something with desktops. */
export function DesktopDialog({ asked: { what, desktops }, onClose }: { asked: Asked; onClose: () => void }) {
  const [first] = desktops
  return (
    <Dialog title={titles[what](namesOf(desktops))} isOpen onClose={onClose} size={what === 'history' ? 'lg' : 'md'}>
      {what === 'stop' && <StopForm desktops={desktops} onClose={onClose} />}
      {what === 'extend' && first && <ExtendForm desktop={first} onClose={onClose} />}
      {what === 'tell' && <TellForm desktops={desktops} onClose={onClose} />}
      {what === 'delete' && <DeleteAll desktops={desktops} onClose={onClose} />}
      {what === 'history' && first && <History desktop={first} />}
      {what === 'rename' && first && <RenameOne desktop={first} onClose={onClose} />}
      {what === 'transfer' && first && <TransferForm desktop={first} onClose={onClose} />}
    </Dialog>
  )
}

const stopped = (names: string, number: number) =>
  plural(number, { one: `${names} is being stopped.`, other: `${names} are being stopped.` })
const told = (names: string, number: number) => plural(number, { one: `${names} has the message.`, other: `${names} have the message.` })
const deleted = (names: string, number: number) => plural(number, { one: `${names} is deleted.`, other: `${names} are deleted.` })

function StopForm({ desktops, onClose }: Props) {
  const [reason, setReason] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const stop = useStopFor()
  const submit = () => {
    setIsBusy(true)
    const act = ({ id }: Desktop) => stop.mutateAsync({ id, reason: reason.trim() || null })
    void doToEach(desktops, act, stopped).then(onClose)
  }
  return (
    <DialogForm action={t`Stop ${namesOf(desktops)}`} isBusy={isBusy} onSubmit={submit} onClose={onClose}>
      <p>{t`What runs in there ends. The files in the home folders stay, and it can be started again.`}</p>
      <Words label={t`Why, as its people are told`} placeholder={t`The lab closes.`} text={reason} onChange={setReason} />
    </DialogForm>
  )
}

function TellForm({ desktops, onClose }: Props) {
  const [text, setText] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const tell = useTell()
  const submit = () => {
    setIsBusy(true)
    const act = ({ id }: Desktop) => tell.mutateAsync({ id, text: text.trim() })
    void doToEach(desktops, act, told).then(onClose)
  }
  return (
    <DialogForm
      action={t`Send`}
      isBusy={isBusy}
      isDisabled={text.trim() === ''}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{t`It shows inside of running desktops now, and on the page of their people until they take it away.`}</p>
      <Words label={t`Message`} placeholder={t`Save your work: the server restarts at 18:00.`} text={text} onChange={setText} />
    </DialogForm>
  )
}

type WordsProps = { label: string; placeholder: string; text: string; onChange: (text: string) => void }

function Words({ label, placeholder, text, onChange }: WordsProps) {
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      maxLength={500}
      autoComplete="off"
      data-autofocus
      value={text}
      onChange={(event) => {
        onChange(event.currentTarget.value)
      }}
    />
  )
}

function DeleteAll({ desktops, onClose }: Props) {
  const [isBusy, setIsBusy] = useState(false)
  const remove = useDelete()
  const submit = () => {
    setIsBusy(true)
    const act = ({ id }: Desktop) => remove.mutateAsync(id)
    void doToEach(desktops, act, deleted).then(onClose)
  }
  return (
    <DeleteForm name={namesOf(desktops)} isBusy={isBusy} onDelete={submit} onClose={onClose}>
      {t`What runs in there is lost, and it cannot be started again. The files in the home folders of its people stay.`}
    </DeleteForm>
  )
}

type OneProps = { desktop: Desktop; onClose: () => void }

function RenameOne({ desktop: { id, name }, onClose }: OneProps) {
  const { mutateAsync, isPending, error } = useRename()
  return (
    <RenameForm
      name={name}
      isBusy={isPending}
      error={error}
      onRename={(next) => mutateAsync({ id, name: next })}
      onClose={onClose}
    />
  )
}

function TransferForm({ desktop, onClose }: OneProps) {
  const [search, setSearch] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const { data: found = [] } = useQuery(foundPeopleQuery(search))
  const others = found.filter(({ id }) => id !== desktop.owner.id)
  const owner = others.find(({ id }) => String(id) === chosen) ?? others[0]
  const transfer = useTransfer()
  const submit = () => {
    if (!owner) return
    transfer.mutateAsync({ id: desktop.id, userId: owner.id }).then(
      () => {
        onClose()
        showDone(t`${desktop.name} is ${owner.username}’s now.`)
      },
      () => undefined,
    )
  }
  return (
    <DialogForm action={t`Hand over`} isBusy={transfer.isPending} isDisabled={!owner} onSubmit={submit} onClose={onClose}>
      <p>{t`It opens with the home folder of its new owner; the files of ${desktop.owner.username} stay theirs.`}</p>
      <TextInput
        label={t`Search for a person`}
        type="search"
        autoComplete="off"
        data-autofocus
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value)
        }}
      />
      <NativeSelect
        label={t`New owner`}
        value={owner?.id ?? ''}
        error={transfer.error && messageOf(transfer.error)}
        data={others.map(({ id, username, full_name }) => ({
          value: String(id),
          label: full_name ? `${full_name} (${username})` : username,
        }))}
        onChange={(event) => {
          setChosen(event.currentTarget.value)
        }}
      />
    </DialogForm>
  )
}
