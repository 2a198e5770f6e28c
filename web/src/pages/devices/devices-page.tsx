import { t } from '@lingui/core/macro'
import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconFileImport, IconKey, IconPlus } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useSearchParams } from 'react-router'
import { devicesQuery, type Device, type DeviceToken } from '../../api/devices'
import { occupancyEvents, roomsQuery, type Room } from '../../api/rooms'
import { ConnectionBar } from '../../components/connection-bar'
import { useLive } from '../../components/live'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { Pages } from '../../components/pages'
import { SearchField } from '../../components/search-field'
import { useUser } from '../../components/signed-in'
import { EnrolDialog } from './enrol-dialog'
import { DeviceDialog } from './device-dialog'
import { DeviceTable, NoDevices, TableLoading } from './device-table'
import classes from './devices.module.css'
import { Filters } from './filters'
import { parseFilter } from './filter'
import { ImportDialog } from './import-dialog'
import { TokenDialog } from './token-dialog'

const pageLength = 100
const noRooms: Room[] = []

/** Every computer that reports, or those that a search finds; the address of the page has the search. */
export default function DevicesPage() {
  const [address, setAddress] = useSearchParams()
  const [dialog, setDialog] = useState<DialogName | null>(null)
  const { data: rooms = noRooms } = useQuery(roomsQuery)
  const text = address.get('filter') ?? ''
  const client = useQueryClient()
  const liveness = useLive(
    useMemo(() => occupancyEvents(client, () => void client.invalidateQueries({ queryKey: ['devices'] })), [client]),
  )
  const search = (filter: string) => {
    setAddress(filter === '' ? {} : { filter }, { replace: true })
  }
  return (
    <PageFrame title={t`Devices`} user={useUser()}>
      <PageHead title={t`Devices`}>
        <SearchField
          label={t`Search the devices`}
          placeholder={t`Name, room:…, status:…, owner:…`}
          text={text}
          onChange={search}
        />
        <AddMenu onOpen={setDialog} />
      </PageHead>
      <Filters text={text} rooms={rooms} onChange={search} />
      <Devices text={text} rooms={rooms} onOpen={setDialog} />
      <Dialogs dialog={dialog} rooms={rooms} onOpen={setDialog} />
      <ConnectionBar liveness={liveness} />
    </PageFrame>
  )
}

/** What stands in front of the page: a dialog, and the device or token that it is about. */
export type DialogName =
  | { name: 'add' | 'code' | 'import' }
  | { name: 'change'; device: Device }
  | { name: 'token'; made: DeviceToken }

type DialogsProps = { dialog: DialogName | null; rooms: Room[]; onOpen: (dialog: DialogName | null) => void }

function Dialogs({ dialog, rooms, onOpen }: DialogsProps) {
  const close = () => {
    onOpen(null)
  }
  const showToken = (made: DeviceToken) => {
    onOpen({ name: 'token', made })
  }
  switch (dialog?.name) {
    case 'add':
      return <DeviceDialog device={null} rooms={rooms} onClose={close} onMade={showToken} />
    case 'change':
      return <DeviceDialog device={dialog.device} rooms={rooms} onClose={close} onMade={showToken} />
    case 'token':
      return <TokenDialog made={dialog.made} onClose={close} />
    case 'code':
      return <EnrolDialog rooms={rooms} onClose={close} />
    case 'import':
      return <ImportDialog onClose={close} />
    case undefined:
      return null
  }
}

function AddMenu({ onOpen }: { onOpen: (dialog: DialogName) => void }) {
  const opener = (name: 'add' | 'code' | 'import') => () => {
    onOpen({ name })
  }
  return (
    <Menu position="bottom-end" shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          rightSection={<IconChevronDown size={16} aria-hidden="true" />}
        >
          {t`Add devices`}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconKey size={17} aria-hidden="true" />} onClick={opener('code')}>
          {t`One that enrols itself, by a code…`}
        </Menu.Item>
        <Menu.Item leftSection={<IconFileImport size={17} aria-hidden="true" />} onClick={opener('import')}>
          {t`Many, from a CSV file…`}
        </Menu.Item>
        <Menu.Item leftSection={<IconPlus size={17} aria-hidden="true" />} onClick={opener('add')}>
          {t`One by hand…`}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

type DevicesProps = { text: string; rooms: Room[]; onOpen: (dialog: DialogName) => void }

function Devices({ text, rooms, onOpen }: DevicesProps) {
  const [address] = useSearchParams()
  const cursor = Number(address.get('cursor')) || null
  const { filter, complaints } = parseFilter(text, rooms)
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...devicesQuery({ ...filter, limit: pageLength, ...(cursor !== null && { cursor }) }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <div role="status" className={classes.complaints}>
        {complaints.map((complaint) => (
          <p key={complaint}>{complaint}</p>
        ))}
      </div>
      {!data && error && (
        <LoadFailure title={t`The devices could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <TableLoading />}
      {data && data.total === 0 && <NoDevices isFiltered={text.trim() !== ''} onOpen={onOpen} />}
      {data && data.total > 0 && (
        <>
          <DeviceTable devices={data.items} isOld={isPlaceholderData} onOpen={onOpen} />
          <Pages total={data.total} shown={data.items.length} next={data.next_cursor} />
        </>
      )}
    </>
  )
}
