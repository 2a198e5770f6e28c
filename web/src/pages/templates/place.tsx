import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { runtimeKindsQuery } from '../../api/runtimes'
import type { TemplateWish } from '../../api/templates'
import type { FieldsProps } from './editor'
import { Entrance } from './entrance'
import classes from './templates.module.css'

const profiles = [
  { value: 'desktop', label: 'Desktop' },
  { value: 'full-desktop', label: 'Full desktop' },
  { value: 'browser', label: 'Browser' },
]
const networks: { value: TemplateWish['network']; label: string }[] = [
  { value: 'internet', label: 'The internet' },
  { value: 'none', label: 'Nothing' },
  { value: 'host', label: 'The network of the server' },
]

/** Where it runs, what is started there, and what that may reach. */
export function Place({ wish, hasPassword, onChange }: FieldsProps & { hasPassword: boolean }) {
  const { data: kinds = [] } = useQuery(runtimeKindsQuery)
  return (
    <fieldset>
      <legend>Where it runs</legend>
      <div className={classes.pair}>
        <NativeSelect
          label="Runtime"
          value={wish.runtime}
          data={[...new Set([...kinds.map(({ name }) => name), wish.runtime])]}
          onChange={(event) => {
            const runtime = event.currentTarget.value
            const makesSpares = kinds.some((kind) => kind.name === runtime && kind.makes_spares)
            onChange({ runtime, ...(!makesSpares && { spares: 0 }) })
          }}
        />
        {wish.runtime === 'local' ? <Profile wish={wish} onChange={onChange} /> : <Image wish={wish} onChange={onChange} />}
      </div>
      {wish.runtime !== 'local' && <Entrance wish={wish} hasPassword={hasPassword} onChange={onChange} />}
      <div className={classes.pair}>
        <Labels labels={wish.labels} onChange={onChange} />
        <NativeSelect
          label="It may reach"
          value={wish.network}
          data={networks}
          onChange={(event) => {
            onChange({ network: event.currentTarget.value as TemplateWish['network'] })
          }}
        />
      </div>
    </fieldset>
  )
}

function Profile({ wish: { profile }, onChange }: FieldsProps) {
  const isKnown = profiles.some(({ value }) => value === profile)
  return (
    <NativeSelect
      label="Profile"
      value={profile}
      data={isKnown ? profiles : [...profiles, { value: profile, label: profile }]}
      onChange={(event) => {
        onChange({ profile: event.currentTarget.value })
      }}
    />
  )
}

function Image({ wish, onChange }: FieldsProps) {
  return (
    <TextInput
      label="Image"
      required
      placeholder="deskbay/desktop"
      maxLength={255}
      value={wish.image ?? ''}
      onChange={(event) => {
        onChange({ image: event.currentTarget.value || null })
      }}
    />
  )
}

function Labels({ labels, onChange }: { labels: string[]; onChange: FieldsProps['onChange'] }) {
  return (
    <TextInput
      label="On runtimes with all of these labels"
      placeholder="gpu, lab-3"
      value={labels.join(', ')}
      onChange={(event) => {
        const { value } = event.currentTarget
        // What is typed stays as it is until the next comma.
        onChange({ labels: value === '' ? [] : value.split(/,\s*/) })
      }}
      onBlur={() => {
        onChange({ labels: labels.map((label) => label.trim()).filter((label) => label !== '') })
      }}
    />
  )
}
