import { t } from '@lingui/core/macro'
import { Checkbox } from '@mantine/core'
import { useState } from 'react'
import { idsOf } from '../../api/ids-of'
import type { TemplateDetails } from '../../api/templates'
import { GroupsChoice } from '../../components/groups-choice'
import { PeopleChoice, type Named } from '../../components/people-choice'
import type { FieldsProps } from './editor'

export type Allowed = Pick<TemplateDetails, 'allowed_users' | 'allowed_groups'>

type Props = FieldsProps & { first: Allowed }

/** Who may launch it. */
export function AllowedPeople({ wish, first, onChange }: Props) {
  const [people, setPeople] = useState<Named[]>(first.allowed_users)
  const [groups, setGroups] = useState(first.allowed_groups)
  const choosePeople = (next: Named[]) => {
    setPeople(next)
    onChange({ allowed_users: idsOf(next) })
  }
  const chooseGroups = (next: typeof groups) => {
    setGroups(next)
    onChange({ allowed_groups: idsOf(next) })
  }
  return (
    <fieldset>
      <legend>{t`Who may launch it`}</legend>
      <Checkbox
        label={t`Everyone`}
        checked={wish.is_for_everyone}
        onChange={(event) => {
          onChange({ is_for_everyone: event.currentTarget.checked })
        }}
      />
      {!wish.is_for_everyone && (
        <>
          <GroupsChoice label={t`Administrators, and these groups`} chosen={groups} onChange={chooseGroups} />
          <PeopleChoice label={t`And these people`} chosen={people} onChange={choosePeople} />
        </>
      )}
    </fieldset>
  )
}
