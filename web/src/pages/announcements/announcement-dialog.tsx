import { t } from '@lingui/core/macro'
import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSaveAnnouncement, type Announcement, type Severity } from '../../api/announcements'
import type { GroupBrief } from '../../api/groups'
import { messageOf } from '../../api/problem'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { GroupsChoice } from '../../components/groups-choice'
import { showDone } from '../../components/notices'
import { inOwnLanguage } from '../../components/own-language'
import { zoneName } from '../../components/time'
import classes from './announcements.module.css'
import { fieldOf, loudness, timeOf } from './words'

type Props = { announcement: Announcement | null; onClose: () => void }
type Draft = { text: string; severity: Severity; begin: string; end: string; groups: GroupBrief[]; isPublic: boolean }

const severities = inOwnLanguage(() => Object.entries(loudness()).map(([value, label]) => ({ value, label })))

/** Announces something, or changes what is announced. */
export function AnnouncementDialog({ announcement, onClose }: Props) {
  const [draft, setDraft] = useState(() => draftOf(announcement))
  const save = useSaveAnnouncement()
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }))
  }
  const submit = () => {
    save.mutateAsync({ id: announcement?.id ?? null, wish: wishOf(draft) }).then(
      () => {
        onClose()
        showDone(t`It is announced.`)
      },
      () => undefined,
    )
  }
  const isWhole = draft.text.trim() !== '' && draft.begin !== ''
  return (
    <Dialog title={announcement ? t`Change the announcement` : t`Announce something`} isOpen onClose={onClose}>
      <DialogForm action={t`Announce`} isBusy={save.isPending} isDisabled={!isWhole} onSubmit={submit} onClose={onClose}>
        <Textarea
          label={t`Text`}
          rows={4}
          maxLength={1000}
          data-autofocus
          value={draft.text}
          onChange={(event) => {
            change({ text: event.currentTarget.value })
          }}
        />
        <NativeSelect
          label={t`How loudly`}
          data={severities()}
          value={draft.severity}
          onChange={(event) => {
            change({ severity: event.currentTarget.value as Severity })
          }}
        />
        <div className={classes.pair}>
          <TextInput
            type="datetime-local"
            label={t`From (${zoneName()})`}
            value={draft.begin}
            onChange={(event) => {
              change({ begin: event.currentTarget.value })
            }}
          />
          <TextInput
            type="datetime-local"
            label={t`Until`}
            description={t`Empty: until it is taken away`}
            inputWrapperOrder={['label', 'input', 'description']}
            value={draft.end}
            onChange={(event) => {
              change({ end: event.currentTarget.value })
            }}
          />
        </div>
        <GroupsChoice
          label={t`For these groups only; without any for everyone`}
          chosen={draft.groups}
          onChange={(groups) => {
            change({ groups, ...(groups.length > 0 && { isPublic: false }) })
          }}
        />
        <Checkbox
          label={t`Also on the page on which people sign in, where anybody can read it`}
          checked={draft.isPublic}
          disabled={draft.groups.length > 0}
          onChange={(event) => {
            change({ isPublic: event.currentTarget.checked })
          }}
        />
        {save.error && <p role="alert">{messageOf(save.error)}</p>}
      </DialogForm>
    </Dialog>
  )
}

function draftOf(announcement: Announcement | null): Draft {
  return {
    text: announcement?.text ?? '',
    severity: announcement?.severity ?? 'info',
    begin: fieldOf(announcement?.starts_at ?? new Date().toISOString()),
    end: fieldOf(announcement?.ends_at ?? null),
    groups: announcement?.groups ?? [],
    isPublic: announcement?.is_on_sign_in_page ?? false,
  }
}

function wishOf({ text, severity, begin, end, groups, isPublic }: Draft) {
  return {
    text,
    severity,
    starts_at: timeOf(begin) ?? new Date().toISOString(),
    ends_at: timeOf(end),
    groups: groups.map(({ id }) => id),
    is_on_sign_in_page: isPublic,
  }
}
