import { Button, Checkbox, TextInput } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { foundPeopleQuery, type Person } from '../../api/people'
import { messageOf } from '../../api/problem'
import { useHandOut, type Session } from '../../api/sessions'
import { Dialog } from '../dialog'
import { DialogForm } from '../dialog-form'
import { showDone } from '../notices'
import classes from './hand-out.module.css'

type Props = { session: Session; onClose: () => void }

/** Gives copies of a session to other people, as the set-up of a lesson. */
export function HandOutDialog({ session, onClose }: Props) {
  const [name, setName] = useState(session.name)
  const [chosen, setChosen] = useState<Person[]>([])
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
        <People chosen={chosen} onChange={setChosen} />
        {handOut.error && <p role="alert">{messageOf(handOut.error)}</p>}
      </DialogForm>
    </Dialog>
  )
}

const countOfPeople = (people: number) => (people === 1 ? '1 person' : `${people} people`)

type PeopleProps = { chosen: Person[]; onChange: (chosen: Person[]) => void }

/** People to be searched and ticked; those who are ticked stay on top, whatever is searched next. */
function People({ chosen, onChange }: PeopleProps) {
  const [search, setSearch] = useState('')
  const { data: found = [], error } = useQuery(foundPeopleQuery(search))
  const isChosen = ({ id }: Person) => chosen.some((one) => one.id === id)
  const others = found.filter((person) => !isChosen(person))
  const toggle = (person: Person) => {
    onChange(isChosen(person) ? chosen.filter(({ id }) => id !== person.id) : [...chosen, person])
  }
  return (
    <>
      <TextInput
        label="People"
        type="search"
        placeholder="Search by name"
        autoComplete="off"
        data-autofocus
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.preventDefault()
        }}
      />
      {error && <p role="alert">{messageOf(error)}</p>}
      <ul className={classes.people} aria-label="People">
        {[...chosen, ...others].map((person) => (
          <li key={person.id}>
            <Checkbox
              label={person.full_name ? `${person.full_name} (${person.username})` : person.username}
              checked={isChosen(person)}
              onChange={() => {
                toggle(person)
              }}
            />
          </li>
        ))}
        {chosen.length + others.length === 0 && <li>Nobody is called that.</li>}
      </ul>
      {others.length > 1 && (
        <Button
          variant="subtle"
          className={classes.all ?? ''}
          onClick={() => {
            onChange([...chosen, ...others])
          }}
        >
          Choose these {others.length}
        </Button>
      )}
    </>
  )
}
