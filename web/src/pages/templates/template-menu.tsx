import { t } from '@lingui/core/macro'
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
      showDone(t`${name} is not launched any more; its desktops go on.`, {
        label: t`Offer it again`,
        run: () => {
          set(false).catch(showProblem)
        },
      })
    }, showProblem)
  }
  return (
    <MoreMenu name={name}>
      <Menu.Item component={Link} to={`/templates/${id}`} leftSection={<IconPencil size={17} aria-hidden="true" />}>
        {t`Edit`}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconCopy size={17} aria-hidden="true" />}
        onClick={() => {
          clone.mutateAsync(id).then((copy) => navigate(`/templates/${copy.id}`), showProblem)
        }}
      >
        {t`Copy and edit`}
      </Menu.Item>
      {is_disabled && (
        <Menu.Item
          leftSection={<IconCircleCheck size={17} aria-hidden="true" />}
          onClick={() => {
            set(false).catch(showProblem)
          }}
        >
          {t`Offer it`}
        </Menu.Item>
      )}
      {!is_disabled && (
        <Menu.Item leftSection={<IconBan size={17} aria-hidden="true" />} onClick={disable}>
          {t`Disable`}
        </Menu.Item>
      )}
      <Menu.Item
        color="red"
        leftSection={<IconTrash size={17} aria-hidden="true" />}
        onClick={() => {
          onDelete(template)
        }}
      >
        {t`Delete…`}
      </Menu.Item>
    </MoreMenu>
  )
}
