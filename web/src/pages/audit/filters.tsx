import { t } from '@lingui/core/macro'
import { NativeSelect, TextInput } from '@mantine/core'
import { kinds, thing, verbs } from '../../components/audit-words'
import classes from '../../components/audit.module.css'
import { zoneName } from '../../components/time'
import type { AuditFilter } from './use-audit-filter'

type Props = { filter: AuditFilter; onChange: (part: Partial<AuditFilter>) => void }

/** Narrows the audit by what was done, to what, and when. */
export function Filters({ filter, onChange }: Props) {
  const known = kinds.includes(filter.what) || filter.what === '' ? kinds : [...kinds, filter.what]
  return (
    <div className={classes.filters}>
      <NativeSelect
        label={t`Did`}
        value={filter.did}
        data={[{ value: '', label: t`anything` }, ...Object.entries(verbs()).map(([value, label]) => ({ value, label }))]}
        onChange={(event) => {
          onChange({ did: event.currentTarget.value })
        }}
      />
      <NativeSelect
        label={t`To or with`}
        value={filter.what}
        data={[{ value: '', label: t`anything` }, ...known.map((value) => ({ value, label: thing(value) }))]}
        onChange={(event) => {
          onChange({ what: event.currentTarget.value, id: '' })
        }}
      />
      {(['from', 'to'] as const).map((end) => (
        <TextInput
          key={end}
          type="date"
          label={end === 'from' ? t`From (${zoneName()})` : t`To`}
          value={filter[end]}
          onChange={(event) => {
            onChange({ [end]: event.currentTarget.value })
          }}
        />
      ))}
      {filter.id !== '' && (
        <TextInput
          label={t`Number`}
          value={filter.id}
          onChange={(event) => {
            onChange({ id: event.currentTarget.value })
          }}
        />
      )}
    </div>
  )
}
