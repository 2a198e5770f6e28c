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
      label="Volume"
      description="Its files are at /storage."
      value={chosen === null ? none : String(chosen)}
      data={[
        { value: none, label: 'None' },
        ...volumes.map(({ id, name, runtime, access }) => ({
          value: String(id),
          label: `${name} — ${runtime}${access === 'read' ? ', to read' : ''}`,
        })),
      ]}
      onChange={({ currentTarget: { value } }) => {
        onChoose(value === none ? null : Number(value))
      }}
    />
  )
}
