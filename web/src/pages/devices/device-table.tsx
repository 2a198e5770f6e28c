import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { ActionIcon, Anchor, Button, Menu, Skeleton } from '@mantine/core'
import { IconDots, IconKey, IconKeyOff, IconPencil } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useNewToken, useRevokeToken, type Device } from '../../api/devices'
import { Empty } from '../../components/empty'
import { showDone, showProblem } from '../../components/notices'
import { RelativeTime } from '../../components/relative-time'
import { SeatStatus } from '../../components/seat-state'
import type { DialogName } from './devices-page'
import classes from './devices.module.css'

type Open = (dialog: DialogName) => void

export function DeviceTable({ devices, isOld, onOpen }: { devices: Device[]; isOld: boolean; onOpen: Open }) {
  return (
    <table className={classes.table} aria-busy={isOld}>
      <thead>
        <tr>
          <th scope="col">{t`Name`}</th>
          <th scope="col">{t`Status`}</th>
          <th scope="col">{t`Place or owner`}</th>
          <th scope="col">{t`Last seen`}</th>
          <th scope="col">{t`Token`}</th>
          <th scope="col">
            <span className={classes.hidden}>{t`What to do`}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {devices.map((device) => (
          <DeviceRow key={device.id} device={device} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  )
}

function DeviceRow({ device, onOpen }: { device: Device; onOpen: Open }) {
  return (
    <tr>
      <th scope="row">
        <Anchor component={Link} to={`/devices/${device.id}`}>
          {device.name}
        </Anchor>
      </th>
      <td>
        <SeatStatus state={device.state} />
      </td>
      <td data-label={t`Place or owner`}>
        <Whereabouts device={device} />
      </td>
      <td data-label={t`Last seen`}>{device.last_seen_at ? <RelativeTime at={device.last_seen_at} /> : t`never`}</td>
      <td data-label={t`Token`}>{tokenWords(device)}</td>
      <td className={classes.actions}>
        <RowMenu device={device} onOpen={onOpen} />
      </td>
    </tr>
  )
}

function Whereabouts({ device: { owner, room, row, column } }: { device: Device }) {
  if (!room && owner) {
    return (
      <>
        <Trans><Anchor component={Link} to={`/people/${owner.id}`}>
          {owner.username}
        </Anchor>
        ’s own</Trans>
      </>
    )
  }
  if (!room) return <span className={classes.soft}>{t`in no room`}</span>
  return (
    <>
      <Anchor component={Link} to={`/rooms/${room.id}`}>
        {room.name}
      </Anchor>{' '}
      <span className={classes.soft}>{row === null ? t`no place` : t`row ${row}, column ${column ?? ''}`}</span>
    </>
  )
}

function tokenWords({ has_token, revoked_at }: Device): string {
  if (has_token) return t`has one`
  return revoked_at ? t`revoked` : t`none yet`
}

function RowMenu({ device, onOpen }: { device: Device; onOpen: Open }) {
  const renew = useNewToken()
  const revoke = useRevokeToken()
  const giveToken = () => {
    renew.mutateAsync(device.id).then((made) => {
      onOpen({ name: 'token', made })
    }, showProblem)
  }
  const takeToken = () => {
    revoke.mutateAsync(device.id).then(() => {
      showDone(t`The token of ${device.name} is revoked: it can't report any more.`)
    }, showProblem)
  }
  return (
    <Menu position="bottom-end" shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={34} aria-label={t`More for ${device.name}`}>
          <IconDots size={20} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPencil size={17} aria-hidden="true" />}
          onClick={() => {
            onOpen({ name: 'change', device })
          }}
        >
          {t`Rename or move…`}
        </Menu.Item>
        <Menu.Item leftSection={<IconKey size={17} aria-hidden="true" />} onClick={giveToken}>
          {device.has_token ? t`New token: the old one stops working` : t`Give it a token`}
        </Menu.Item>
        {device.has_token && (
          <Menu.Item color="red" leftSection={<IconKeyOff size={17} aria-hidden="true" />} onClick={takeToken}>
            {t`Revoke its token`}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

export function NoDevices({ isFiltered, onOpen }: { isFiltered: boolean; onOpen: Open }) {
  if (isFiltered) return <Empty text={t`No device matches. Take something out of the search to see more.`} />
  return (
    <Empty text={t`A device is a computer that reports who sits there. Name yours in a CSV file to add them all at once.`}>
      <Button
        variant="light"
        onClick={() => {
          onOpen({ name: 'import' })
        }}
      >
        {t`Import devices`}
      </Button>
    </Empty>
  )
}

export function TableLoading() {
  return <Skeleton height={420} radius={16} aria-hidden="true" />
}
