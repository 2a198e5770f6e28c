import { t } from '@lingui/core/macro'
import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { messageOf } from '../../api/problem'
import { changeOf, type Runtime, type RuntimeChange, type RuntimeKind } from '../../api/runtimes'
import { DialogForm } from '../../components/dialog-form'
import { LimitFields } from './limit-fields'
import { SettingField } from './setting-field'
import { blamed, draftOf, readDraft, settingsOf } from './settings'

type Props = {
  kinds: RuntimeKind[]
  runtime: Runtime | null
  error: Error | null
  isBusy: boolean
  onSave: (name: { slug: string; kind: string }, change: RuntimeChange) => void
  onClose: () => void
}

const newRuntime: RuntimeChange = {
  settings: {}, labels: [], desktops: null, memory_mb: null, cpus: null, is_drained: false,
}

/** Asks for what a runtime of some kind needs, and what it may carry. */
export function RuntimeForm({ kinds, runtime, error, isBusy, onSave, onClose }: Props) {
  const [slug, setSlug] = useState(runtime?.slug ?? '')
  const [kind, setKind] = useState(runtime?.kind ?? kinds[0]?.name ?? '')
  const settings = settingsOf(kinds.find(({ name }) => name === kind) ?? { settings: {} })
  const [typed, setTyped] = useState(() => draftOf(settings, runtime?.settings ?? {}))
  const [change, setChange] = useState(() => (runtime ? changeOf(runtime) : newRuntime))
  const draft = { ...draftOf(settings, {}), ...typed }
  const read = readDraft(settings, draft)
  const refused = error && blamed(error.message)
  const isNamed = settings.some(({ name }) => name === refused?.name)
  const submit = () => {
    if (Object.keys(read.problems).length > 0) return
    const labels = change.labels.filter((label) => label !== '')
    onSave({ slug, kind }, { ...change, labels, settings: read.values })
  }
  return (
    <DialogForm action={runtime ? t`Save` : t`Add the runtime`} isBusy={isBusy} onSubmit={submit} onClose={onClose}>
      {!runtime && (
        <>
          <NativeSelect
            label={t`Kind`}
            data-autofocus
            value={kind}
            data={kinds.map(({ name }) => name)}
            onChange={(event) => {
              setKind(event.currentTarget.value)
              setTyped({})
            }}
          />
          <Name slug={slug} onChange={setSlug} />
        </>
      )}
      {settings.map((setting) => (
        <SettingField
          key={`${kind} ${setting.name}`}
          setting={setting}
          value={draft[setting.name] ?? ''}
          isSealed={runtime?.sealed.includes(setting.name) ?? false}
          problem={read.problems[setting.name] ?? (setting.name === refused?.name ? refused.what : undefined)}
          onChange={(value) => {
            setTyped({ ...typed, [setting.name]: value })
          }}
        />
      ))}
      <LimitFields
        change={change}
        onChange={(part) => {
          setChange({ ...change, ...part })
        }}
      />
      {error && !isNamed && <p role="alert">{messageOf(error)}</p>}
    </DialogForm>
  )
}

function Name({ slug, onChange }: { slug: string; onChange: (slug: string) => void }) {
  return (
    <TextInput
      label={t`Name`}
      description={t`Small letters, digits and hyphens; it stays.`}
      placeholder="box-1"
      required
      maxLength={40}
      pattern="[a-z0-9][a-z0-9\-]*"
      autoComplete="off"
      spellCheck={false}
      value={slug}
      onChange={(event) => {
        onChange(event.currentTarget.value)
      }}
    />
  )
}
