import { t } from '@lingui/core/macro'
import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { runtimeKindsQuery } from '../../api/runtimes'
import type { TemplateWish } from '../../api/templates'
import { inOwnLanguage } from '../../components/own-language'
import type { FieldsProps } from './editor'
import { Entrance } from './entrance'
import classes from './templates.module.css'

const profiles = inOwnLanguage(() => [
  { value: 'desktop', label: t`Desktop` },
  { value: 'full-desktop', label: t`Full desktop` },
  { value: 'browser', label: t`Browser` },
])
const networks = inOwnLanguage((): { value: TemplateWish['network']; label: string }[] => [
  { value: 'internet', label: t`The internet` },
  { value: 'none', label: t`Nothing` },
  { value: 'host', label: t`The network of the server` },
])

/** Where it runs, what is started there, and what that may reach. */
export function Place({ wish, hasPassword, onChange }: FieldsProps & { hasPassword: boolean }) {
  const { data: kinds = [] } = useQuery(runtimeKindsQuery)
  return (
    <fieldset>
      <legend>{t`Where it runs`}</legend>
      <div className={classes.pair}>
        <NativeSelect
          label={t`Runtime`}
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
          label={t`It may reach`}
          value={wish.network}
          data={networks()}
          onChange={(event) => {
            onChange({ network: event.currentTarget.value as TemplateWish['network'] })
          }}
        />
      </div>
    </fieldset>
  )
}

function Profile({ wish: { profile }, onChange }: FieldsProps) {
  const isKnown = profiles().some(({ value }) => value === profile)
  return (
    <NativeSelect
      label={t`Profile`}
      value={profile}
      data={isKnown ? profiles() : [...profiles(), { value: profile, label: profile }]}
      onChange={(event) => {
        onChange({ profile: event.currentTarget.value })
      }}
    />
  )
}

function Image({ wish, onChange }: FieldsProps) {
  return (
    <TextInput
      label={t`Image`}
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
      label={t`On runtimes with all of these labels`}
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
