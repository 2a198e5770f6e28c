import { t } from '@lingui/core/macro'
import { ActionIcon, Button } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconRocket, IconStar, IconStarFilled } from '@tabler/icons-react'
import { useNavigate } from 'react-router'
import type { Template } from '../../api/client'
import { useLaunch } from '../../api/queries'
import { useMark } from '../../api/templates'
import { showProblem } from '../../components/notices'
import { TemplateFace } from '../../components/template-face'
import { usualSize } from './sizes'
import classes from './template-card.module.css'

type Props = { template: Template; onChoose: () => void }

/** A template to be launched as the last time, or with other options. */
export function TemplateCard({ template, onChoose }: Props) {
  return (
    <TemplateFace template={{ ...template, ...usualSize(template) }} mark={<Mark template={template} />}>
      {!template.unavailable_reason && (
        <div className={classes.actions}>
          <LaunchButton template={template} />
          <ActionIcon
            variant="default"
            size={36}
            aria-label={t`Options for ${template.name}`}
            title={t`Name and size`}
            onClick={onChoose}
          >
            <IconAdjustmentsHorizontal size={19} aria-hidden="true" />
          </ActionIcon>
        </div>
      )}
    </TemplateFace>
  )
}

function Mark({ template: { id, name, is_favourite } }: { template: Template }) {
  const mark = useMark()
  // What was pressed shows at once.
  const isFavourite = mark.isPending ? mark.variables.isFavourite : is_favourite
  const Icon = isFavourite ? IconStarFilled : IconStar
  return (
    <ActionIcon
      variant="subtle"
      color={isFavourite ? 'beacon.7' : 'gray'}
      size={32}
      aria-label={t`Favourite: ${name}`}
      aria-pressed={isFavourite}
      onClick={() => {
        mark.mutate({ id, isFavourite: !isFavourite }, { onError: showProblem })
      }}
    >
      <Icon size={18} aria-hidden="true" />
    </ActionIcon>
  )
}

function LaunchButton({ template }: { template: Template }) {
  const launch = useLaunch()
  const navigate = useNavigate()
  return (
    <Button
      leftSection={<IconRocket size={18} aria-hidden="true" />}
      aria-label={t`Launch ${template.name}`}
      loading={launch.isPending}
      onClick={() => {
        launch.mutate({ template: template.slug, ...usualSize(template) }, {
          onError: showProblem,
          onSuccess: ({ id }) => void navigate(`/desktops/${id}`),
        })
      }}
    >
      {t`Launch`}
    </Button>
  )
}
