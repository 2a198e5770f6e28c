import { t } from '@lingui/core/macro'
import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { messageOf } from '../api/problem'
import classes from './load-failure.module.css'

type Props = { title: string; error: unknown; onRetry: () => void }

/** Stands where something would be that could not be loaded. */
export function LoadFailure({ title, error, onRetry }: Props) {
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden="true" />} title={title}>
      <p className={classes.text}>{messageOf(error)}</p>
      <Button size="xs" onClick={onRetry}>
        {t`Try again`}
      </Button>
    </Alert>
  )
}
