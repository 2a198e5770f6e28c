import { Menu } from '@mantine/core'
import { IconBan, IconCircleCheck, IconCopy, IconPencil, IconTrash } from '@tabler/icons-react'
import { Link, useNavigate } from 'react-router'
import { useCloneTemplate, useSaveTemplate, wishOf, type TemplateDetails } from '../../api/templates'
import { MoreMenu } from '../../components/more-menu'
import { showDone, showProblem } from '../../components/notices'

type Props = { template: TemplateDetails; onDelete: (template: TemplateDetails) => void }

/** What else an administrator can do with a template. */
export function TemplateMenu({ template, onDelete }: Props) {
  const navigate = useNavigate()
  const clone = useCloneTemplate()
  const save = useSaveTemplate()
  const { id, name, is_disabled } = template
  const set = (isDisabled: boolean) => save.mutateAsync({ id, wish: { ...wishOf(template), is_disabled: isDisabled } })
  const disable = () => {
    set(true).then(() => {
      showDone(`${name} is not launched any more; its desktops go on.`, {
        label: 'Offer it again',
        run: () => {
          set(false).catch(showProblem)
        },
      })
    }, showProblem)
  }
  return (
    <MoreMenu name={name}>
      <Menu.Item component={Link} to={`/templates/${id}`} leftSection={<IconPencil size={17} aria-hidden="true" />}>
        Edit
      </Menu.Item>
      <Menu.Item
        leftSection={<IconCopy size={17} aria-hidden="true" />}
        onClick={() => {
          clone.mutateAsync(id).then((copy) => navigate(`/templates/${copy.id}`), showProblem)
        }}
      >
        Copy and edit
      </Menu.Item>
      {is_disabled && (
        <Menu.Item
          leftSection={<IconCircleCheck size={17} aria-hidden="true" />}
          onClick={() => {
            set(false).catch(showProblem)
          }}
        >
          Offer it
        </Menu.Item>
      )}
      {!is_disabled && (
        <Menu.Item leftSection={<IconBan size={17} aria-hidden="true" />} onClick={disable}>
          Disable
        </Menu.Item>
      )}
      <Menu.Item
        color="red"
        leftSection={<IconTrash size={17} aria-hidden="true" />}
        onClick={() => {
          onDelete(template)
        }}
      >
        Delete…
      </Menu.Item>
    </MoreMenu>
  )
}
