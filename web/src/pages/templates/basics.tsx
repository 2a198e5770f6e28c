import { t } from '@lingui/core/macro'
import { Textarea, TextInput } from '@mantine/core'
import type { FieldsProps } from './editor'

/** What it is called, and where it stands in the gallery. */
export function Basics({ wish, categories, onChange }: FieldsProps & { categories: string[] }) {
  return (
    <fieldset>
      <legend>{t`What it is`}</legend>
      <TextInput
        label={t`Name`}
        required
        maxLength={64}
        value={wish.name}
        onChange={(event) => {
          onChange({ name: event.currentTarget.value })
        }}
      />
      <Textarea
        label={t`Description`}
        maxLength={500}
        rows={3}
        value={wish.description}
        onChange={(event) => {
          onChange({ description: event.currentTarget.value })
        }}
      />
      <TextInput
        label={t`Category`}
        required
        maxLength={64}
        list="categories"
        value={wish.category}
        onChange={(event) => {
          onChange({ category: event.currentTarget.value })
        }}
      />
      <datalist id="categories">
        {categories.map((category) => (
          <option key={category} value={category} />
        ))}
      </datalist>
    </fieldset>
  )
}
