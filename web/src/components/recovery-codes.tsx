import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { focusWhenThere } from './focus-when-there'
import classes from './recovery-codes.module.css'

/** Codes that are shown once, to be kept where the phone is not. */
export function RecoveryCodes({ codes }: { codes: string[] }) {
  const [isCopied, setIsCopied] = useState(false)
  const text = `${codes.join('\n')}\n`
  const copy = () => {
    const clipboard = navigator.clipboard as Clipboard | undefined // on secure origins only
    clipboard?.writeText(text).then(
      () => {
        setIsCopied(true)
      },
      () => undefined,
    )
  }
  const Icon = isCopied ? IconCheck : IconCopy
  return (
    <>
      <p>
        {t`Each of these signs you in once when your phone is not there. They are shown this once: keep them on paper or in a password manager.`}
      </p>
      <ol className={classes.codes} aria-label={t`Recovery codes`}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className={classes.actions}>
        <Button ref={focusWhenThere} variant="light" leftSection={<Icon size={17} aria-hidden="true" />} onClick={copy}>
          <span role="status">{isCopied ? t`Copied` : t`Copy all`}</span>
        </Button>
        <Button
          component="a"
          variant="light"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
          download="deskbay-recovery-codes.txt"
          leftSection={<IconDownload size={17} aria-hidden="true" />}
        >
          {t`Download`}
        </Button>
      </div>
    </>
  )
}
