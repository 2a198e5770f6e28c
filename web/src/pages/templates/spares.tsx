import { plural, t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { runtimeKindsQuery } from '../../api/runtimes'
import type { TemplateDetails } from '../../api/templates'
import type { FieldsProps } from './editor'

export type Stock = Pick<TemplateDetails, 'spares' | 'spares_ready' | 'spare_trouble'>

/** How many desktops of it wait before anybody launches them, and how it is with those. */
export function Spares({ wish, stock, onChange }: FieldsProps & { stock: Stock | null }) {
  const { data: kinds = [] } = useQuery(runtimeKindsQuery)
  const canHave = wish.port == null && kinds.some(({ name, makes_spares }) => name === wish.runtime && makes_spares)
  return (
    <fieldset>
      <legend>{t`Spare desktops`}</legend>
      {(canHave || wish.spares > 0) && (
        <TextInput
          type="number"
          label={t`Waiting to be launched`}
          required
          min={0}
          max={100}
          step={1}
          value={wish.spares}
          onChange={(event) => {
            onChange({ spares: Number(event.currentTarget.value) })
          }}
        />
      )}
      <p>
        {canHave
          ? t`They run before anybody launches them and take their room on the runtime, so that a launch with nothing else chosen takes less than a second.`
          : t`Only Deskbay’s own images on a Docker engine of the server’s host can wait to be launched; all others start when somebody launches them.`}
      </p>
      {stock && stock.spares > 0 && <State {...stock} />}
    </fieldset>
  )
}

function State({ spares, spares_ready, spare_trouble }: Stock) {
  return (
    <p>
      {plural(spares, { one: `Now ${spares_ready} of # waits.`, other: `Now ${spares_ready} of # wait.` })}{' '}
      {spare_trouble !== null && t`${spare_trouble} It is tried again by itself.`}
    </p>
  )
}
