import { NativeSelect, TextInput } from '@mantine/core'
import { Fragment, useState } from 'react'
import type { Reach } from '../../api/rights'
import { useSaveRole, type Role } from '../../api/roles'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { showDone } from '../../components/notices'
import { Refusal } from '../../components/refusal'
import { nouns, reaches } from '../../components/right-words'
import { writtenRights, type Chosen } from './written-rights'
import classes from './roles.module.css'

const choices = [{ value: '', label: '–' }, ...Object.entries(reaches).map(([value, label]) => ({ value, label }))]
const verbs = [
  { verb: 'read', word: 'See' },
  { verb: 'write', word: 'Change' },
]

type Props = { role: Role | null; onClose: () => void }

/** Makes a role, or changes what one lets do. */
export function RoleDialog({ role, onClose }: Props) {
  const [name, setName] = useState(role?.name ?? '')
  const [description, setDescription] = useState(role?.description ?? '')
  const [chosen, setChosen] = useState<Chosen>(role?.rights ?? {})
  const save = useSaveRole()
  const rights = writtenRights(chosen)
  const submit = () => {
    save.mutateAsync({ id: role?.id ?? null, wish: { name: name.trim(), description, rights } }).then(
      (saved) => {
        onClose()
        showDone(`The role ${saved.name} holds from now on.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={role ? `Role ${role.name}` : 'Make a role'} isOpen onClose={onClose} size="lg">
      <DialogForm
        action="Save"
        isBusy={save.isPending}
        isDisabled={name.trim() === '' || rights.length === 0}
        onSubmit={submit}
        onClose={onClose}
      >
        <Refusal error={save.error} />
        <TextInput
          label="Name"
          maxLength={64}
          autoComplete="off"
          data-autofocus
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value)
          }}
        />
        <TextInput
          label="Description"
          maxLength={500}
          autoComplete="off"
          value={description}
          onChange={(event) => {
            setDescription(event.currentTarget.value)
          }}
        />
        <fieldset className={classes.matrix}>
          <legend>What it lets do, beside what everyone may. To change is to see, too.</legend>
          <span />
          {verbs.map(({ verb, word }) => (
            <span key={verb} aria-hidden="true">
              {word}
            </span>
          ))}
          {Object.entries(nouns).map(([noun, words]) => (
            <Fragment key={noun}>
              <span>{words}</span>
              {verbs.map(({ verb, word }) => (
                <NativeSelect
                  key={verb}
                  size="xs"
                  aria-label={`${words}: ${word.toLowerCase()}`}
                  data={choices}
                  value={chosen[`${noun}:${verb}`] ?? ''}
                  onChange={(event) => {
                    const reach = (event.currentTarget.value || undefined) as Reach | undefined
                    setChosen((before) => ({ ...before, [`${noun}:${verb}`]: reach }))
                  }}
                />
              ))}
            </Fragment>
          ))}
        </fieldset>
      </DialogForm>
    </Dialog>
  )
}
