import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle, IconKey } from '@tabler/icons-react'
import { useBeginAtProvider } from '../../api/account'
import { messageOf } from '../../api/problem'
import type { components } from '../../api/schema'
import { rememberNext } from './next-page'

type Provider = components['schemas']['ProviderOut']

/** A button for each provider with whose accounts people may sign in. */
export function Providers({ providers, next }: { providers: Provider[]; next: string | null }) {
  const begin = useBeginAtProvider()
  return (
    <>
      {begin.error && (
        <Alert role="alert" color="red" icon={<IconAlertTriangle aria-hidden="true" />}>
          {messageOf(begin.error)}
        </Alert>
      )}
      {providers.map(({ name, title }) => (
        <Button
          key={name}
          variant="default"
          size="md"
          leftSection={<IconKey size={18} aria-hidden="true" />}
          loading={begin.isPending && begin.variables === name}
          onClick={() => {
            rememberNext(next)
            begin.mutate(name)
          }}
        >
          Sign in with {title}
        </Button>
      ))}
    </>
  )
}
