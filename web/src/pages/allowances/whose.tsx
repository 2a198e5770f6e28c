import { t } from '@lingui/core/macro'
import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { foundGroupsQuery, type AllowanceWish } from '../../api/allowances'
import { foundPeopleQuery } from '../../api/people'

type Kind = 'user' | 'each' | 'together'
type Props = { wish: AllowanceWish; onChange: (part: Partial<AllowanceWish>) => void }

/** Chooses a person, or a group with each or all of its members. */
export function Whose({ wish, onChange }: Props) {
  const [kind, setKind] = useState<Kind>('user')
  const [search, setSearch] = useState('')
  const found = useFound(kind, search)
  const chosen = wish.user_id ?? wish.group_id ?? null
  return (
    <>
      <NativeSelect
        label={t`For`}
        value={kind}
        data={[
          { value: 'user', label: t`one person` },
          { value: 'each', label: t`each member of a group` },
          { value: 'together', label: t`all members of a group together` },
        ]}
        onChange={(event) => {
          const next = event.currentTarget.value as Kind
          setKind(next)
          onChange({ user_id: null, group_id: null, is_shared: next === 'together' })
        }}
      />
      <TextInput
        label={kind === 'user' ? t`Search for a person` : t`Search for a group`}
        type="search"
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
      <NativeSelect
        label={kind === 'user' ? t`Person` : t`Group`}
        value={chosen ?? ''}
        data={[{ value: '', label: found.length ? t`Choose one` : t`Nothing is called that` }, ...found]}
        onChange={(event) => {
          const id = Number(event.currentTarget.value) || null
          onChange(kind === 'user' ? { user_id: id } : { group_id: id })
        }}
      />
    </>
  )
}

function useFound(kind: Kind, search: string): { value: string; label: string }[] {
  const people = useQuery({ ...foundPeopleQuery(search), enabled: kind === 'user' })
  const groups = useQuery({ ...foundGroupsQuery(search), enabled: kind !== 'user' })
  if (kind !== 'user') return (groups.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }))
  return (people.data ?? []).map(({ id, username, full_name }) => ({
    value: String(id),
    label: full_name ? `${full_name} (${username})` : username,
  }))
}
