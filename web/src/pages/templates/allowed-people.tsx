import { Checkbox, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { foundPeopleQuery } from '../../api/people'
import type { TemplateDetails } from '../../api/templates'
import type { FieldsProps } from './editor'
import classes from './templates.module.css'

type Named = { id: number; username: string; full_name?: string | null }
type Props = FieldsProps & { first: TemplateDetails['allowed_users'] }

/** Who may launch it. */
export function AllowedPeople({ wish, first, onChange }: Props) {
  return (
    <fieldset>
      <legend>Who may launch it</legend>
      <Checkbox
        label="Everyone"
        checked={wish.is_for_everyone}
        onChange={(event) => {
          onChange({ is_for_everyone: event.currentTarget.checked })
        }}
      />
      {!wish.is_for_everyone && <People first={first} onChange={onChange} />}
    </fieldset>
  )
}

/** People to be searched and ticked; those who are ticked stay on top, whatever is searched next. */
function People({ first, onChange }: { first: Named[]; onChange: FieldsProps['onChange'] }) {
  const [chosen, setChosen] = useState(first)
  const [search, setSearch] = useState('')
  const { data: found = [] } = useQuery(foundPeopleQuery(search))
  const isChosen = ({ id }: Named) => chosen.some((one) => one.id === id)
  const others: Named[] = found.filter((person) => !isChosen(person))
  const toggle = (person: Named) => {
    const next = isChosen(person) ? chosen.filter(({ id }) => id !== person.id) : [...chosen, person]
    setChosen(next)
    onChange({ allowed_users: next.map(({ id }) => id) })
  }
  return (
    <>
      <TextInput
        label="Administrators, and these people"
        type="search"
        placeholder="Search by name"
        autoComplete="off"
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.preventDefault()
        }}
      />
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
    </>
  )
}
