import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import type { TemplateDetails } from '../../api/templates'
import { PeopleChoice, type Named } from '../../components/people-choice'
import type { FieldsProps } from './editor'

type Props = FieldsProps & { first: TemplateDetails['allowed_users'] }

/** Who may launch it. */
export function AllowedPeople({ wish, first, onChange }: Props) {
  const [chosen, setChosen] = useState<Named[]>(first)
  const choose = (next: Named[]) => {
    setChosen(next)
    onChange({ allowed_users: next.map(({ id }) => id) })
  }
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
      {!wish.is_for_everyone && <PeopleChoice label="Administrators, and these people" chosen={chosen} onChange={choose} />}
    </fieldset>
  )
}
