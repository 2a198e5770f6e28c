import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconMessage2 } from '@tabler/icons-react'
import { useDismiss } from '../api/all-desktops'
import type { Desktop } from '../api/client'
import { showProblem } from './notices'
import classes from './owner-message.module.css'
import { RelativeTime } from './relative-time'

/** What an administrator has to say about a desktop, until its owner takes it away. */
export function OwnerMessage({ desktop: { id, message, message_at } }: { desktop: Desktop }) {
  const dismiss = useDismiss()
  if (!message) return null
  return (
    <div className={classes.message} role="status">
      <IconMessage2 size={18} aria-hidden="true" />
      <p>
        {message} {message_at && <RelativeTime at={message_at} />}
      </p>
      <Button
        variant="default"
        size="compact-sm"
        loading={dismiss.isPending}
        onClick={() => {
          dismiss.mutate(id, { onError: showProblem })
        }}
      >
        {t`Understood`}
      </Button>
    </div>
  )
}
