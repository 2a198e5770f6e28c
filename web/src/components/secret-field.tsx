import { t } from '@lingui/core/macro'
import { Button, TextInput } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import classes from './secret-field.module.css'

type Props = { label: string; secret: string; description?: string }

/** Something that is shown once, with a button that copies it; where the browser forbids that, it is marked instead. */
export function SecretField({ label, secret, description }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const [isCopied, setIsCopied] = useState(false)
  const copy = () => {
    input.current?.select()
    // Browsers offer the clipboard on secure origins only.
    const clipboard = navigator.clipboard as Clipboard | undefined
    clipboard?.writeText(secret).then(
      () => {
        setIsCopied(true)
      },
      () => undefined,
    )
  }
  const Icon = isCopied ? IconCheck : IconCopy
  return (
    <div className={classes.secret}>
      <TextInput
        ref={input}
        label={label}
        description={description}
        readOnly
        value={secret}
        classNames={{ input: classes.input ?? '' }}
        onFocus={(event) => {
          event.currentTarget.select()
        }}
      />
      <Button
        variant="light"
        leftSection={<Icon size={17} aria-hidden="true" />}
        aria-label={t`Copy: ${label}`}
        onClick={copy}
      >
        <span role="status">{isCopied ? t`Copied` : t`Copy`}</span>
      </Button>
    </div>
  )
}
