import { t } from '@lingui/core/macro'
import { Button, Skeleton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { allTemplatesQuery, type TemplateDetails } from '../../api/templates'
import { Empty } from '../../components/empty'
import { LoadFailure } from '../../components/load-failure'
import { PageFrame } from '../../components/page-frame'
import { PageHead } from '../../components/page-head'
import { SearchField } from '../../components/search-field'
import { useUser } from '../../components/signed-in'
import { Shelves } from './shelves'

/** What desktops can be made of, as administrators arrange it. */
export default function TemplatesPage() {
  const [text, setText] = useState('')
  const { data, error, refetch } = useQuery(allTemplatesQuery)
  return (
    <PageFrame title={t`Templates`} user={useUser()}>
      <PageHead title={t`Templates`}>
        <SearchField label={t`Search the templates`} text={text} onChange={setText} />
        {data?.length !== 0 && (
          <Button component={Link} to="/templates/new" leftSection={<IconPlus size={18} aria-hidden="true" />}>
            {t`Add a template`}
          </Button>
        )}
      </PageHead>
      {data && <Found templates={data} text={text} />}
      {!data && error && (
        <LoadFailure title={t`The templates could not be loaded`} error={error} onRetry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton height={320} radius={12} aria-hidden="true" />}
    </PageFrame>
  )
}

function Found({ templates, text }: { templates: TemplateDetails[]; text: string }) {
  const words = text.toLowerCase().split(/\s+/)
  const found = templates.filter(({ name, description, category, slug }) => {
    const described = `${name} ${description} ${category} ${slug}`.toLowerCase()
    return words.every((word) => described.includes(word))
  })
  if (templates.length === 0) {
    return (
      <Empty text={t`A template is what desktops are made of: its size, its limits, and who may launch it.`}>
        <Button component={Link} to="/templates/new" variant="light">
          {t`Add the first template`}
        </Button>
      </Empty>
    )
  }
  if (found.length === 0) return <Empty text={t`No template has all of these words.`} />
  return <Shelves found={found} all={templates} />
}
