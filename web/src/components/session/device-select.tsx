import { t } from '@lingui/core/macro'
import { NativeSelect } from '@mantine/core'
import type { OwnDevice } from '../../api/own-devices'

type Props = { label: string; devices: OwnDevice[]; value: number; onChange: (id: number) => void }

/** Chooses one of one's own devices, and tells which of them are there now. */
export function DeviceSelect({ label, devices, value, onChange }: Props) {
  return (
    <NativeSelect
      label={label}
      value={String(value)}
      data={devices.map((device) => ({ value: String(device.id), label: `${device.name} — ${reach(device)}` }))}
      onChange={(event) => {
        onChange(Number(event.currentTarget.value))
      }}
    />
  )
}

function reach({ connected, has_token }: OwnDevice): string {
  if (connected) return t`connected`
  return has_token ? t`not connected` : t`revoked`
}
