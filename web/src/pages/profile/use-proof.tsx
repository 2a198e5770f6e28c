import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { serverNow } from '../../api/clock'
import { passkeysQuery } from '../../api/passkeys'
import { secondStepQuery } from '../../api/second-step'
import { ProofDialog } from './proof-dialog'

const margin = 60_000

/** Runs what takes a proof of who is there: at once where there is a fresh one, else after the dialog. */
export function useProof() {
  const { data: state } = useQuery(secondStepQuery)
  const { data: passkeys } = useQuery(passkeysQuery)
  const [waiting, setWaiting] = useState<(() => void) | null>(null)
  const isProven = Date.parse(state?.proven_until ?? '') - margin > serverNow()
  const run = (action: () => void) => {
    if (isProven) action()
    else setWaiting(() => action)
  }
  const dialog = waiting && (
    <ProofDialog
      hasPassword={state?.has_password ?? true}
      hasPasskey={(passkeys ?? []).length > 0}
      onProven={() => {
        setWaiting(null)
        waiting()
      }}
      onClose={() => {
        setWaiting(null)
      }}
    />
  )
  return { run, dialog }
}
