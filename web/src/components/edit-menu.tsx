import { t } from '@lingui/core/macro'
import { Menu } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { MoreMenu } from './more-menu'

type Props = { name: string; onEdit: () => void; onDelete: () => void }

/** Changes a thing of a list, or takes it away. */
export function EditMenu({ name, onEdit, onDelete }: Props) {
  return (
    <MoreMenu name={name}>
      <Menu.Item leftSection={<IconPencil size={17} aria-hidden="true" />} onClick={onEdit}>
        {t`Edit…`}
      </Menu.Item>
      <Menu.Item color="red" leftSection={<IconTrash size={17} aria-hidden="true" />} onClick={onDelete}>
        {t`Take away`}
      </Menu.Item>
    </MoreMenu>
  )
}
