import { t } from '@lingui/core/macro'
import { useRename } from '../../api/all-desktops'
import type { Desktop } from '../../api/client'
import { Dialog } from '../../components/dialog'
import { History } from '../../components/history'
import { RenameForm } from '../../components/rename-form'
import { DeleteForm } from './delete-form'
import { ExtendForm } from '../../components/extend-form'
import { ScheduleForm } from './schedule-form'

export type Asked = { what: 'delete' | 'extend' | 'history' | 'rename' | 'schedule'; id: number }

const titles: Record<Asked['what'], (name: string) => string> = {
  delete: (name) => t`Delete ${name}?`,
  extend: (name) => t`Extend ${name}`,
  history: (name) => t`What happened to ${name}`,
  rename: (name) => t`Rename ${name}`,
  schedule: (name) => t`Schedule of ${name}`,
}

type Props = { what: Asked['what']; desktop: Desktop; onClose: () => void }

/** Asks or tells what somebody wants of a desktop of their own. */
export default function CardDialog({ what, desktop, onClose }: Props) {
  return (
    <Dialog title={titles[what](desktop.name)} isOpen onClose={onClose} size={what === 'history' ? 'lg' : 'md'}>
      {what === 'delete' && <DeleteForm desktop={desktop} onClose={onClose} />}
      {what === 'extend' && <ExtendForm desktop={desktop} onClose={onClose} />}
      {what === 'history' && <History desktop={desktop} />}
      {what === 'rename' && <Rename desktop={desktop} onClose={onClose} />}
      {what === 'schedule' && <ScheduleForm desktop={desktop} onClose={onClose} />}
    </Dialog>
  )
}

function Rename({ desktop: { id, name }, onClose }: { desktop: Desktop; onClose: () => void }) {
  const { mutateAsync, isPending, error } = useRename()
  return (
    <RenameForm
      name={name}
      isBusy={isPending}
      error={error}
      onRename={(next) => mutateAsync({ id, name: next })}
      onClose={onClose}
    />
  )
}
