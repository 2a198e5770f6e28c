import { t } from '@lingui/core/macro'
import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { sessionsQuery } from '../../api/sessions'
import { countOf } from './restore-looks'

type Props = {
  label: string
  description: string
  chosen: number | null
  onChoose: (id: number | null) => void
  /** One of somebody else's that may stay chosen. */
  others?: { id: number; name: string } | null
}

const none = ''

/** Chooses a session of one's own, or none. Who has none to choose from is not asked. */
export function SessionChoice({ label, description, chosen, onChoose, others = null }: Props) {
  const { data: sessions = [] } = useQuery(sessionsQuery(false))
  const isOthers = others !== null && !sessions.some(({ id }) => id === others.id)
  if (sessions.length === 0 && !isOthers) return null
  return (
    <NativeSelect
      label={label}
      description={description}
      value={chosen === null ? none : String(chosen)}
      data={[
        { value: none, label: t`None` },
        ...(isOthers ? [{ value: String(others.id), label: t`${others.name} — somebody else’s` }] : []),
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
