import { t } from '@lingui/core/macro'
import { ActionIcon, Button, Menu } from '@mantine/core'
import {
  IconArrowsMove, IconClockEdit, IconDots, IconLink, IconMaximize, IconPencil, IconTrash,
} from '@tabler/icons-react'

export type RoomDialogName = 'room' | 'opening' | 'share' | 'delete'

type Props = {
  isEditing: boolean
  onEdit: (isOn: boolean) => void
  onFullScreen: () => void
  onOpen: (dialog: RoomDialogName) => void
}

export function RoomTools({ isEditing, onEdit, onFullScreen, onOpen }: Props) {
  const opener = (dialog: RoomDialogName) => () => {
    onOpen(dialog)
  }
  return (
    <>
      <Button
        variant={isEditing ? 'filled' : 'default'}
        leftSection={<IconArrowsMove size={18} aria-hidden="true" />}
        aria-pressed={isEditing}
        onClick={() => {
          onEdit(!isEditing)
        }}
      >
        {isEditing ? t`Done` : t`Arrange`}
      </Button>
      <Button variant="default" leftSection={<IconLink size={18} aria-hidden="true" />} onClick={opener('share')}>
        {t`Public link`}
      </Button>
      <Button
        variant="default"
        leftSection={<IconMaximize size={18} aria-hidden="true" />}
        onClick={onFullScreen}
      >
        {t`Full screen`}
      </Button>
      <Menu position="bottom-end" shadow="md" withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t`More for this room`}>
            <IconDots size={20} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={17} aria-hidden="true" />} onClick={opener('room')}>
            {t`Edit the room…`}
          </Menu.Item>
          <Menu.Item leftSection={<IconClockEdit size={17} aria-hidden="true" />} onClick={opener('opening')}>
            {t`Opening hours…`}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={17} aria-hidden="true" />} onClick={opener('delete')}>
            {t`Delete…`}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
