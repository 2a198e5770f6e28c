import { Button } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { Link } from 'react-router'
import { Message } from '../../components/message-page'
import { PageFrame } from '../../components/page-frame'
import { useUser } from '../../components/signed-in'

export function NotFoundPage({ what = 'page' }: { what?: string }) {
  return (
    <PageFrame title="Not found" user={useUser()}>
      <Message
        icon={<IconMapQuestion size={36} />}
        title={`There is no such ${what}`}
        text="It may have been deleted, belong to somebody else, or the address may have a slip in it."
      >
        <Button component={Link} to="/">
          To your desktops
        </Button>
      </Message>
    </PageFrame>
  )
}
