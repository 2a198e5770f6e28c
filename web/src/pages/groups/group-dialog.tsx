import { t } from '@lingui/core/macro'
import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useSaveGroup, type GroupDetails, type GroupWish } from '../../api/groups'
import { messageOf } from '../../api/problem'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { NameField } from '../../components/name-field'

type Props = { group: GroupDetails | null; onClose: () => void; onSaved: (group: GroupDetails) => void }

const newGroup: GroupWish = { name: '', description: '', tracking: 'off', window_titles: false }

/** Makes a group, or changes how one is called. */
export function GroupDialog({ group, onClose, onSaved }: Props) {
  const [wish, setWish] = useState(group ? wishOf(group) : newGroup)
  const save = useSaveGroup()
  const submit = () => {
    save.mutateAsync({ id: group?.id ?? null, wish }).then(onSaved, () => undefined)
  }
  return (
    <Dialog title={group ? t`Edit ${group.name}` : t`Add a group`} isOpen onClose={onClose}>
      <DialogForm action={group ? t`Save` : t`Add the group`} isBusy={save.isPending} onSubmit={submit} onClose={onClose}>
        <NameField
          name={wish.name}
          placeholder={t`Class 7b`}
          required
          error={save.error && messageOf(save.error)}
          onChange={(name) => {
            setWish({ ...wish, name })
          }}
        />
        <Textarea
          label={t`Description`}
          rows={2}
          maxLength={500}
          value={wish.description}
          onChange={(event) => {
            setWish({ ...wish, description: event.currentTarget.value.replaceAll('\n', ' ') })
          }}
        />
      </DialogForm>
    </Dialog>
  )
}

/** What a group is, as it would be wished for. */
export function wishOf({ name, description, tracking, window_titles }: GroupDetails): GroupWish {
  return { name, description, tracking, window_titles }
}
