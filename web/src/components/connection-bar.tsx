import { t } from '@lingui/core/macro'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { Liveness } from '../api/live-stream'
import classes from './connection-bar.module.css'

/** A connection that is back within this time is not worth a word. */
const patience = 1500

/** Says that what is shown may be old, while the server is out of reach. */
export function ConnectionBar({ liveness }: { liveness: Liveness }) {
  const isLost = useLasting(liveness === 'lost')
  return (
    <div role="status">
      {isLost && (
        <p className={classes.bar}>
          <IconPlugConnectedX size={18} aria-hidden="true" />
          {t`The connection to the server is lost. What you see may be out of date; trying again…`}
        </p>
      )}
    </div>
  )
}

function useLasting(isSo: boolean): boolean {
  const [hasLasted, setHasLasted] = useState(false)
  useEffect(() => {
    const timer = setTimeout(
      () => {
        setHasLasted(isSo)
      },
      isSo ? patience : 0,
    )
    return () => {
      clearTimeout(timer)
    }
  }, [isSo])
  return isSo && hasLasted
}
