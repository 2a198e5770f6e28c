import { t } from '@lingui/core/macro'
import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { hoursQuery } from '../../api/activity'
import { deviceQuery, devicesQuery } from '../../api/devices'
import { foundPeopleQuery, personQuery, type Person } from '../../api/people'
import { may } from '../../api/rights'
import { roomsQuery } from '../../api/rooms'
import { inOwnLanguage } from '../../components/own-language'
import { useUser } from '../../components/signed-in'
import classes from './reports.module.css'
import { isOfTeam, type ReportState } from './report-state'

type Props = { state: ReportState; onChange: (state: ReportState) => void }

/** Whose hours, and which of them, the report is narrowed to. One on a team is not: only what is chosen can be taken away. */
export function Filters({ state, onChange }: Props) {
  const user = useUser()
  const shows = (name: keyof ReportState) => !isOfTeam(user, state) || state[name] !== null
  return (
    <fieldset className={classes.filters}>
      <legend>{t`Only the hours of`}</legend>
      {may(user, 'people:read', 'group') && <PersonFilter state={state} onChange={onChange} />}
      {shows('device_id') && may(user, 'devices:read', 'all') && <DeviceFilter state={state} onChange={onChange} />}
      {shows('room_id') && <RoomFilter state={state} onChange={onChange} />}
      {shows('event') && <NameFilter kind="event" state={state} onChange={onChange} />}
      {shows('application') && <NameFilter kind="application" state={state} onChange={onChange} />}
    </fieldset>
  )
}

type Option = { value: string; label: string }

type FilterProps = {
  label: string
  anything: string
  value: number | string | null
  options: Option[]
  isDisabled?: boolean
  /** Where the server finds the options by what is typed. */
  onSearch?: (text: string) => void
  onChange: (value: string | null) => void
}

function Filter({ label, anything, value, options, isDisabled = false, onSearch, onChange }: FilterProps) {
  return (
    <Select
      label={label}
      placeholder={anything}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': t`Choose none: ${label}` }}
      disabled={isDisabled}
      limit={50}
      nothingFoundMessage={t`Nothing found`}
      comboboxProps={{ withinPortal: false }}
      data={options}
      {...(onSearch && { onSearchChange: onSearch, filter: ({ options: found }) => found })}
      value={value === null ? null : String(value)}
      onChange={onChange}
    />
  )
}

const asKey = (value: string | null) => (value === null ? null : Number(value))

/** The options, and the one that is chosen where it is not among them. */
function withChosen(options: Option[], chosen: Option | null): Option[] {
  return chosen === null || options.some(({ value }) => value === chosen.value) ? options : [chosen, ...options]
}

const nameOf = ({ full_name, username }: Person) => (full_name ? `${full_name} (${username})` : username)

function PersonFilter({ state, onChange }: Props) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed, 200)
  const id = state.user_id
  const chosen = useQuery({ ...personQuery(id ?? 0), enabled: id !== null })
  const found = useQuery(foundPeopleQuery(typed === chosenName(chosen.data) ? '' : search))
  const options = (found.data ?? []).map((person) => ({ value: String(person.id), label: nameOf(person) }))
  const own = id === null ? null : { value: String(id), label: chosenName(chosen.data) ?? t`Person ${id}` }
  return (
    <Filter
      label={t`Person`}
      anything={t`Everyone`}
      value={id}
      options={withChosen(options, own)}
      onSearch={setTyped}
      onChange={(value) => {
        onChange({ ...state, user_id: asKey(value) })
      }}
    />
  )
}

const chosenName = (person: Person | undefined) => person && nameOf(person)

function DeviceFilter({ state, onChange }: Props) {
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed, 200)
  const id = state.device_id
  const chosen = useQuery({ ...deviceQuery(id ?? 0), enabled: id !== null })
  const found = useQuery(devicesQuery({ search: typed === chosen.data?.name ? '' : search, limit: 30 }))
  const options = (found.data?.items ?? []).map((device) => ({ value: String(device.id), label: device.name }))
  const own = id === null ? null : { value: String(id), label: chosen.data?.name ?? t`Device ${id}` }
  return (
    <Filter
      label={t`Device`}
      anything={t`Every device`}
      value={id}
      options={withChosen(options, own)}
      onSearch={setTyped}
      onChange={(value) => {
        onChange({ ...state, device_id: asKey(value) })
      }}
    />
  )
}

function RoomFilter({ state, onChange }: Props) {
  const { data = [] } = useQuery(roomsQuery)
  const id = state.room_id
  const options = data.map((room) => ({ value: String(room.id), label: room.name }))
  return (
    <Filter
      label={t`Room`}
      anything={t`Every room`}
      value={id}
      options={withChosen(options, id === null ? null : { value: String(id), label: t`Room ${id}` })}
      onChange={(value) => {
        onChange({ ...state, room_id: asKey(value) })
      }}
    />
  )
}

const words = inOwnLanguage(() => ({ event: { label: t`Event`, anything: t`Every event` }, application: { label: t`Application`, anything: t`Every application` } }))

/** Events or applications, of those that have hours in this range. They can't be combined with each other. */
function NameFilter({ kind, state, onChange }: Props & { kind: 'event' | 'application' }) {
  const other = kind === 'event' ? 'application' : 'event'
  const { from, to, zone } = state
  const { data } = useQuery(hoursQuery({ by: kind, from, to, zone, limit: 200 }))
  const name = state[kind]
  const options = (data?.rows ?? []).map(({ label }) => ({ value: label, label }))
  return (
    <Filter
      {...words()[kind]}
      value={name}
      options={withChosen(options, name === null ? null : { value: name, label: name })}
      isDisabled={state[other] !== null || state.by === other}
      onChange={(value) => {
        onChange({ ...state, [kind]: value })
      }}
    />
  )
}
