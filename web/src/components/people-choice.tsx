import { Button, Checkbox, TextInput } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { foundPeopleQuery } from '../api/people'
import { messageOf } from '../api/problem'
import classes from './people-choice.module.css'

export type Named = { id: number; username: string; full_name?: string | null }

type Props = { label: string; chosen: Named[]; onChange: (chosen: Named[]) => void }

/** People to be searched and ticked; those who are ticked stay on top, whatever is searched next. */
export function PeopleChoice({ label, chosen, onChange }: Props) {
  const [search, setSearch] = useState('')
  const { data: found = [], error } = useQuery(foundPeopleQuery(search))
  const isChosen = ({ id }: Named) => chosen.some((one) => one.id === id)
  const others: Named[] = found.filter((person) => !isChosen(person))
  const toggle = (person: Named) => {
    onChange(isChosen(person) ? chosen.filter(({ id }) => id !== person.id) : [...chosen, person])
  }
  return (
    <>
      <TextInput
        label={label}
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
