import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSaveRole, type Role } from '../../api/roles'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { NameField } from '../../components/name-field'
import { showDone } from '../../components/notices'
import { Refusal } from '../../components/refusal'
import { reaches } from '../../components/right-words'
import { RightsFields } from '../../components/rights-fields'
import { writtenRights, type Chosen } from '../../components/written-rights'

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
        showDone(t`The role ${saved.name} holds from now on.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={role ? t`Role ${role.name}` : t`Make a role`} isOpen onClose={onClose} size="lg">
      <DialogForm
        action={t`Save`}
        isBusy={save.isPending}
        isDisabled={name.trim() === '' || rights.length === 0}
        onSubmit={submit}
        onClose={onClose}
      >
        <Refusal error={save.error} />
        <NameField name={name} onChange={setName} />
        <TextInput
          label={t`Description`}
          maxLength={500}
          autoComplete="off"
          value={description}
          onChange={(event) => {
            setDescription(event.currentTarget.value)
          }}
        />
        <RightsFields
          legend={t`What it lets do, beside what everyone may. To change is to see, too.`}
          words={reaches()}
          chosen={chosen}
          onChange={setChosen}
        />
      </DialogForm>
    </Dialog>
  )
}
