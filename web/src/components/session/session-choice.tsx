import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { sessionsQuery } from '../../api/sessions'
import { countOf } from './restore-looks'

type Props = { chosen: number | null; onChoose: (id: number | null) => void }

const none = ''

/** Chooses a session of one's own to bring back, or none. Who has none is not asked. */
export function SessionChoice({ chosen, onChoose }: Props) {
  const { data: sessions = [] } = useQuery(sessionsQuery(false))
  if (sessions.length === 0) return null
  return (
    <NativeSelect
      label="Restore a session"
      description="Its applications are started and put in their places once the desktop runs."
      value={chosen === null ? none : String(chosen)}
      data={[
        { value: none, label: 'None' },
        ...sessions.map(({ id, name, applications, device }) => ({
          value: String(id),
          label: `${name} — ${countOf(applications.length)}, ${device.name}`,
        })),
      ]}
      onChange={({ currentTarget: { value } }) => {
        onChoose(value === none ? null : Number(value))
      }}
    />
  )
}
