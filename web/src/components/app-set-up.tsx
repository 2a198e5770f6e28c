import { t } from '@lingui/core/macro'
import { Skeleton } from '@mantine/core'
import type { SetUp } from '../api/second-step'
import classes from './app-set-up.module.css'
import { CodeField } from './code-field'
import { Refusal } from './refusal'
import { SecretField } from './secret-field'

type Props = { setUp: SetUp | undefined; error: Error | null; code: string; onCode: (code: string) => void }

/** What an authenticator app scans, or has typed in; and the field for its first code. */
export function AppSetUp({ setUp, error, code, onCode }: Props) {
  return (
    <>
      <Refusal error={error} />
      <p>{t`Scan this with an authenticator app on your phone, such as Aegis, 2FAS or Google Authenticator.`}</p>
      {setUp ? (
        <>
          <img className={classes.picture} src={setUp.qr} alt={t`QR code for the app; the same as the text below`} />
          <SecretField label={t`Or type this in`} secret={inBlocks(setUp.secret)} />
        </>
      ) : (
        !error && <Skeleton className={classes.picture ?? ''} height={200} aria-hidden="true" />
      )}
      <CodeField label={t`Code that the app shows now`} value={code} onChange={onCode} />
    </>
  )
}

const inBlocks = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ')
