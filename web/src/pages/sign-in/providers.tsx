import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useBeginAtProvider } from '../../api/account'
import type { components } from '../../api/schema'
import { Refusal } from '../../components/refusal'
import { rememberNext } from './next-page'

type Provider = components['schemas']['ProviderOut']

/** A button for each provider with whose accounts people may sign in. */
export function Providers({ providers, next }: { providers: Provider[]; next: string | null }) {
  const begin = useBeginAtProvider()
  return (
    <>
      <Refusal error={begin.error} />
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
          {t`Sign in with ${title}`}
        </Button>
      ))}
    </>
  )
}
