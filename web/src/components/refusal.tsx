import { t } from '@lingui/core/macro'
import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { messageOf, Problem } from '../api/problem'

/** Why what was asked for did not happen, above the form that asked. */
export function Refusal({ error }: { error: Error | null }) {
  if (!error) return null
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden="true" />}>
      {messageOf(error)}
      {error instanceof Problem && error.retryAfter !== null && t` You can try again in ${error.retryAfter} s.`}
    </Alert>
  )
}
