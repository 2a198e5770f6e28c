import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { messageOf } from '../../api/problem'
import { useHandOut, type Session } from '../../api/sessions'
import { Dialog } from '../dialog'
import { DialogForm } from '../dialog-form'
import { showDone } from '../notices'
import { PeopleChoice, type Named } from '../people-choice'

type Props = { session: Session; onClose: () => void }

/** Gives copies of a session to other people, as the set-up of a lesson. */
export function HandOutDialog({ session, onClose }: Props) {
  const [name, setName] = useState(session.name)
  const [chosen, setChosen] = useState<Named[]>([])
  const handOut = useHandOut()
  const submit = () => {
    handOut.mutateAsync({ id: session.id, name: name.trim() || null, user_ids: chosen.map(({ id }) => id) }).then(
      ({ items }) => {
        onClose()
        showDone(`${countOfPeople(items.length)} got a copy of ${session.name}.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={`Hand out ${session.name}`} isOpen onClose={onClose} size="lg">
      <DialogForm
        action={chosen.length > 0 ? `Hand out to ${countOfPeople(chosen.length)}` : 'Hand out'}
        isBusy={handOut.isPending}
        isDisabled={chosen.length === 0}
        onSubmit={submit}
        onClose={onClose}
      >
        <p>Each person gets a copy as it was saved last, on the device of theirs that was seen last. It does not begin by itself.</p>
        <TextInput
          label="Name of the copies"
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value)
          }}
        />
        <PeopleChoice label="People" chosen={chosen} onChange={setChosen} />
        {handOut.error && <p role="alert">{messageOf(handOut.error)}</p>}
      </DialogForm>
    </Dialog>
  )
}

const countOfPeople = (people: number) => (people === 1 ? '1 person' : `${people} people`)
