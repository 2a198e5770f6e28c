import { t } from '@lingui/core/macro'
import { Select } from '@mantine/core'
import '@mantine/core/styles/Combobox.layer.css'
import { useMemo } from 'react'

type Props = { label: string; zone: string; onChange: (zone: string) => void }

export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** Chooses an IANA time zone by typing a part of its name. */
export function ZoneSelect({ label, zone, onChange }: Props) {
  const zones = useMemo(() => zonesWith(zone), [zone])
  return (
    <Select
      label={label}
      data={zones}
      value={zone}
      searchable
      allowDeselect={false}
      withScrollArea={false}
      maxDropdownHeight={260}
      limit={100}
      nothingFoundMessage={t`No time zone has this in its name.`}
      comboboxProps={{ withinPortal: false }}
      onChange={(chosen) => {
        if (chosen) onChange(chosen)
      }}
    />
  )
}

function zonesWith(zone: string): string[] {
  return [...new Set(['UTC', zone, ...Intl.supportedValuesOf('timeZone')])]
}
