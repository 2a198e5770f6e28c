import { plural, t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
import type { Import } from '../../api/devices'
import { DialogActions } from '../../components/dialog'
import { tokensFile, wrongRows } from './import-text'

/** What was written, and the new tokens as a file: the server does not know them any more. */
export function ImportResult({ written, onClose }: { written: Import; onClose: () => void }) {
  const [isSaved, setIsSaved] = useState(false)
  const address = useFileAddress(tokensFile(written))
  const tokens = written.devices.filter(({ token }) => token !== null).length
  return (
    <>
      <p role="status">
        {plural(written.devices.length, { one: '# device imported', other: '# devices imported' })}
        {written.errors.length > 0 && t`, ${wrongRows(written.errors.length)} left out`}.
      </p>
      {tokens > 0 && (
        <p>
          {plural(tokens, {
            one: 'The file has # new token. It is here now, and never again: save it, and put it onto its computer.',
            other: 'The file has # new tokens. It is here now, and never again: save it, and put each token onto its computer.',
          })}
        </p>
      )}
      <DialogActions>
        <Button variant={tokens > 0 && !isSaved ? 'default' : 'filled'} onClick={onClose}>
          {t`Done`}
        </Button>
        {tokens > 0 && (
          <Button
            component="a"
            href={address}
            download="tokens.csv"
            leftSection={<IconDownload size={18} aria-hidden="true" />}
            variant={isSaved ? 'default' : 'filled'}
            onClick={() => {
              setIsSaved(true)
            }}
          >
            {t`Save the tokens`}
          </Button>
        )}
      </DialogActions>
    </>
  )
}

/** Where the browser finds a file that is made here. */
function useFileAddress(text: string): string {
  const address = useMemo(() => URL.createObjectURL(new Blob([text], { type: 'text/csv' })), [text])
  useEffect(
    () => () => {
      URL.revokeObjectURL(address)
    },
    [address],
  )
  return address
}
