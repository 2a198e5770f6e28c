import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle, IconKey } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useBeginAtProvider } from '../../api/account'
import { messageOf } from '../../api/problem'
import { aboutQuery } from '../../api/queries'
import form from '../../components/form.module.css'
import { rememberNext } from './next-page'

/** A button for each provider with whose accounts people may sign in. */
export function Providers({ next }: { next: string | null }) {
  const providers = useQuery(aboutQuery).data?.providers ?? []
  const begin = useBeginAtProvider()
  if (providers.length === 0) return null
  return (
    <div className={form.form}>
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
      <p className={form.or}>or with a password</p>
    </div>
  )
}
