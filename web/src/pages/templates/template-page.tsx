import { t } from '@lingui/core/macro'
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { allTemplatesQuery, wishOf, type TemplateWish } from '../../api/templates'
import { LoadFailure } from '../../components/load-failure'
import { inOwnLanguage } from '../../components/own-language'
import { PageFrame } from '../../components/page-frame'
import { useUser } from '../../components/signed-in'
import { NotFoundPage } from '../not-found/not-found-page'
import { Editor } from './editor'

const newTemplate = inOwnLanguage((): TemplateWish => ({
  name: '',
  description: '',
  icon: 'device-desktop',
  category: t`Desktops`,
  runtime: 'local',
  profile: 'desktop',
  image: null,
  labels: [],
  network: 'internet',
  protocol: 'vnc',
  cluster: { node_labels: {}, gpus: 0, chart: null },
  memory_mb: 2048,
  least_memory_mb: 1024,
  most_memory_mb: 4096,
  cpus: 2,
  least_cpus: 1,
  most_cpus: 4,
  idle_limit_seconds: null,
  lifetime_seconds: null,
  most_lifetime_seconds: null,
  clipboard: 'both',
  is_recorded: false,
  session_id: null,
  spares: 0,
  environment: {},
  is_disabled: false,
  is_for_everyone: true,
  allowed_users: [],
  allowed_groups: [],
}))

/** A template to be made or changed, by its address. */
export default function TemplatePage() {
  const { id } = useParams()
  const { data, error, refetch } = useQuery(allTemplatesQuery)
  const template = data?.find((one) => String(one.id) === id)
  const user = useUser()
  if (data && id !== 'new' && !template) return <NotFoundPage what="template" />
  return (
    <PageFrame title={template?.name ?? t`A new template`} user={user}>
      {data && (
        <Editor
          key={id}
          id={template?.id ?? null}
          title={template ? t`Edit ${template.name}` : t`Add a template`}
          first={template ? wishOf(template) : newTemplate()}
          allowed={template ?? { allowed_users: [], allowed_groups: [] }}
          hasPassword={template?.has_password ?? false}
          begun={template ?? { session_id: null, session: null }}
          stock={template ?? null}
          categories={[...new Set(data.map(({ category }) => category))]}
        />
      )}
      {!data && error && (
        <LoadFailure title={t`The template could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={520} radius={16} aria-hidden="true" />}
    </PageFrame>
  )
}
