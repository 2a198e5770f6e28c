import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { Link } from 'react-router'
import { Message } from '../../components/message-page'
import { PageFrame } from '../../components/page-frame'
import { useUser } from '../../components/signed-in'
import { inOwnLanguage } from '../../components/own-language'

const titles = inOwnLanguage(() => ({
  page: t`There is no such page`,
  desktop: t`There is no such desktop`,
  recording: t`There is no such recording`,
  template: t`There is no such template`,
}))

export function NotFoundPage({ what = 'page' }: { what?: keyof ReturnType<typeof titles> }) {
  return (
    <PageFrame title={t`Not found`} user={useUser()}>
      <Message
        icon={<IconMapQuestion size={36} />}
        title={titles()[what]}
        text={t`It may have been deleted, belong to somebody else, or the address may have a slip in it.`}
      >
        <Button component={Link} to="/">
          {t`To your desktops`}
        </Button>
      </Message>
    </PageFrame>
  )
}
