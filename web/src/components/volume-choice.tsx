import { t } from '@lingui/core/macro'
import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { volumesQuery } from '../api/volumes'

type Props = { chosen: number | null; onChoose: (id: number | null) => void }

const none = ''

/** Chooses a volume to have in a new desktop, or none. Who has none is not asked. */
export function VolumeChoice({ chosen, onChoose }: Props) {
  const { data = [] } = useQuery(volumesQuery(false))
  const volumes = data.filter(({ state }) => state === 'ready')
  if (volumes.length === 0) return null
  return (
    <NativeSelect
      label={t`Volume`}
      description={t`Its files are at /storage.`}
      value={chosen === null ? none : String(chosen)}
      data={[
        { value: none, label: t({ message: 'None', context: 'a token or a volume' }) },
        ...volumes.map(({ id, name, runtime, access }) => ({
          value: String(id),
          label: access === 'read' ? t`${name} — ${runtime}, to read` : `${name} — ${runtime}`,
        })),
      ]}
      onChange={({ currentTarget: { value } }) => {
        onChoose(value === none ? null : Number(value))
      }}
    />
  )
}
