import { t } from '@lingui/core/macro'
import { Checkbox, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { messageOf } from '../../api/problem'
import { allTemplatesQuery, type TemplateDetails } from '../../api/templates'
import { giftQuery, useGiveVolume, type Gift, type Volume } from '../../api/volumes'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { LoadFailure } from '../../components/load-failure'
import { showDone } from '../../components/notices'

type Props = { volume: Volume; onClose: () => void }

/** Says which templates' desktops all have a volume. */
export function GiveDialog({ volume, onClose }: Props) {
  const gift = useQuery({ ...giftQuery(volume.id), gcTime: 0 })
  const templates = useQuery(allTemplatesQuery)
  const error = gift.error ?? templates.error
  const retry = () => {
    void gift.refetch()
    void templates.refetch()
  }
  return (
    <Dialog title={t`Give ${volume.name} to templates`} isOpen onClose={onClose}>
      {gift.data && templates.data ? (
        <GiveForm volume={volume} gift={gift.data} templates={templates.data} onClose={onClose} />
      ) : (
        !error && <Skeleton height={180} radius={12} aria-hidden="true" />
      )}
      {error && <LoadFailure title={t`The templates could not be loaded`} error={error} onRetry={retry} />}
    </Dialog>
  )
}

function GiveForm({ volume, gift, templates, onClose }: Props & { gift: Gift; templates: TemplateDetails[] }) {
  const [chosen, setChosen] = useState(gift.template_ids)
  const [isReadOnly, setIsReadOnly] = useState(gift.is_read_only)
  const give = useGiveVolume()
  const submit = () => {
    give.mutateAsync({ id: volume.id, wish: { template_ids: chosen, is_read_only: isReadOnly } }).then(
      () => {
        onClose()
        showDone(t`Desktops have ${volume.name} from their next start on.`)
      },
      () => undefined,
    )
  }
  return (
    <DialogForm action={t`Save`} isBusy={give.isPending} onSubmit={submit} onClose={onClose}>
      <p>{t`Every desktop of these has its files at ${gift.path}, from its next start on.`}</p>
      {templates.map(({ id, name }) => (
        <Checkbox
          key={id}
          label={name}
          checked={chosen.includes(id)}
          onChange={(event) => {
            const others = chosen.filter((one) => one !== id)
            setChosen(event.currentTarget.checked ? [...others, id] : others)
          }}
        />
      ))}
      <Checkbox
        label={t`They may only read its files`}
        checked={isReadOnly}
        onChange={(event) => {
          setIsReadOnly(event.currentTarget.checked)
        }}
      />
      {give.error && <p role="alert">{messageOf(give.error)}</p>}
    </DialogForm>
  )
}
