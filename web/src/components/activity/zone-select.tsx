import './mantine'
import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { aboutQuery } from '../../api/queries'
import { allZones, zoneOfBrowser } from './dates'

type Props = { zone: string; onChange: (zone: string) => void }

/** Whose days are counted: those of this server, of this browser, or of any zone by its name. */
export function ZoneSelect({ zone, onChange }: Props) {
  const { data } = useQuery(aboutQuery)
  const near = [...new Set([data?.time_zone ?? 'UTC', zoneOfBrowser(), 'UTC', zone])]
  const others = allZones().filter((name) => !near.includes(name))
  return (
    <Select
      label="Time zone"
      searchable
      allowDeselect={false}
      limit={60}
      maxDropdownHeight={280}
      nothingFoundMessage="No such zone"
      comboboxProps={{ withinPortal: false }}
      data={[
        { group: 'Near', items: near },
        { group: 'All', items: others },
      ]}
      value={zone}
      onChange={(chosen) => {
        if (chosen !== null) onChange(chosen)
      }}
    />
  )
}
