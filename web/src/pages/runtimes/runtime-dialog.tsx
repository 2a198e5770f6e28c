import { t } from '@lingui/core/macro'
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import {
  runtimeKindsQuery, useAddRuntime, useChangeRuntime, type Runtime, type RuntimeChange,
} from '../../api/runtimes'
import { Dialog } from '../../components/dialog'
import { LoadFailure } from '../../components/load-failure'
import { showDone } from '../../components/notices'
import { RuntimeForm } from './runtime-form'

type Props = { runtime: Runtime | null; onClose: () => void }

/** Adds a runtime, or changes one. */
export function RuntimeDialog({ runtime, onClose }: Props) {
  const kinds = useQuery(runtimeKindsQuery)
  const add = useAddRuntime()
  const change = useChangeRuntime()
  const save = (name: { slug: string; kind: string }, wish: RuntimeChange) => {
    const saving = runtime
      ? change.mutateAsync({ id: runtime.id, change: wish })
      : add.mutateAsync({ ...name, ...wish })
    saving.then(
      ({ slug }) => {
        onClose()
        showDone(runtime ? t`${slug} is changed. Its desktops go on.` : t`${slug} takes desktops from now on.`)
      },
      () => undefined,
    )
  }
  return (
    <Dialog title={runtime ? t`Edit ${runtime.slug}` : t`Add a runtime`} isOpen onClose={onClose}>
      {kinds.data && (
        <RuntimeForm
          kinds={kinds.data}
          runtime={runtime}
          error={add.error ?? change.error}
          isBusy={add.isPending || change.isPending}
          onSave={save}
          onClose={onClose}
        />
      )}
      {!kinds.data && kinds.error && (
        <LoadFailure title={t`The kinds could not be loaded`} error={kinds.error} onRetry={() => void kinds.refetch()} />
      )}
      {kinds.isPending && <Skeleton height={260} radius={12} aria-hidden="true" />}
    </Dialog>
  )
}
