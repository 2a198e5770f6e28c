import { t } from '@lingui/core/macro'
import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Template } from '../../api/client'
import { messageOf } from '../../api/problem'
import { useLaunch } from '../../api/queries'
import { clipboardWords } from '../../components/clipboard-words'
import { Dialog } from '../../components/dialog'
import { DialogForm } from '../../components/dialog-form'
import { NameField } from '../../components/name-field'
import { RecordedNotice } from '../../components/recorded'
import { SessionChoice } from '../../components/session/session-choice'
import { cpuWords, memoryWords } from '../../components/size-words'
import { VolumeChoice } from '../../components/volume-choice'
import { cpuChoices, memoryChoices, usualSize } from './sizes'

type Props = { template: Template; onClose: () => void }

/** Launches a template under a name and with a size, at first those of the last time. */
export default function LaunchDialog({ template, onClose }: Props) {
  const [name, setName] = useState('')
  const [size, setSize] = useState(() => usualSize(template))
  const [sessionId, setSessionId] = useState<number | null>(null)
  const [volumeId, setVolumeId] = useState<number | null>(null)
  const launch = useLaunch()
  const navigate = useNavigate()
  const submit = () => {
    launch.mutate(
      {
        template: template.slug,
        name: name.trim() || null,
        ...size,
        ...(volumeId && { volume_id: volumeId }),
        ...(sessionId && { session_id: sessionId }),
      },
      { onSuccess: ({ id }) => void navigate(`/desktops/${id}`) },
    )
  }
  return (
    <Dialog title={t`Launch ${template.name}`} isOpen onClose={onClose}>
      <DialogForm action={t`Launch`} isBusy={launch.isPending} onSubmit={submit} onClose={onClose}>
        <NameField name={name} placeholder={template.name} onChange={setName} />
        <Choice
          label={t`Memory`}
          choices={memoryChoices(template)}
          words={memoryWords}
          chosen={size.memory_mb}
          onChoose={(memory_mb) => {
            setSize({ ...size, memory_mb })
          }}
        />
        <Choice
          label={t`Processors`}
          choices={cpuChoices(template)}
          words={cpuWords}
          chosen={size.cpus}
          onChoose={(cpus) => {
            setSize({ ...size, cpus })
          }}
        />
        <VolumeChoice chosen={volumeId} onChoose={setVolumeId} />
        <SessionChoice
          label={t`Restore a session`}
          description={t`Its applications are started and put in their places once the desktop runs.`}
          chosen={sessionId}
          onChoose={setSessionId}
        />
        {template.is_recorded && <RecordedNotice />}
        {template.clipboard !== 'both' && <p>{clipboardWords()[template.clipboard]}</p>}
        {launch.error && <p role="alert">{messageOf(launch.error)}</p>}
      </DialogForm>
    </Dialog>
  )
}

type ChoiceProps = {
  label: string
  choices: number[]
  words: (choice: number) => string
  chosen: number
  onChoose: (choice: number) => void
}

function Choice({ label, choices, words, chosen, onChoose }: ChoiceProps) {
  const isFixed = choices.length === 1
  return (
    <NativeSelect
      label={label}
      description={isFixed ? t`This template has this size alone.` : undefined}
      disabled={isFixed}
      value={chosen}
      data={choices.map((choice) => ({ value: String(choice), label: words(choice) }))}
      onChange={(event) => {
        onChoose(Number(event.currentTarget.value))
      }}
    />
  )
}
