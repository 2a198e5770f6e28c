import { t } from '@lingui/core/macro'
import { Checkbox, NativeSelect, PasswordInput, Textarea, TextInput } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import type { ChangeEvent } from 'react'
import type { Setting } from './settings'

type Props = {
  setting: Setting
  value: string | boolean
  isSealed: boolean
  problem: string | undefined
  onChange: (value: string | boolean) => void
}

/** One setting of a kind of runtime, in the field that fits its shape. */
export function SettingField({ setting, value, isSealed, problem, onChange }: Props) {
  const { label, shape, isSecret, isRequired, choices, least, most, step } = setting
  const common = { label, description: descriptionOf(setting), error: problem }
  if (typeof value === 'boolean') {
    return (
      <Checkbox
        {...common}
        checked={value}
        onChange={(event) => {
          onChange(event.currentTarget.checked)
        }}
      />
    )
  }
  const typed = {
    ...common,
    value,
    required: isRequired && !isSealed,
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) => {
      onChange(event.currentTarget.value)
    },
  }
  const written = { ...typed, placeholder: isSealed ? 'unchanged' : setting.example, spellCheck: false }
  if (shape === 'choice') return <NativeSelect {...typed} data={isRequired ? choices : ['', ...choices]} />
  if (shape === 'number') return <TextInput {...written} type="number" min={least} max={most} step={step} />
  if (shape !== 'text') return <Textarea {...written} rows={3} autoComplete="off" />
  return isSecret ? <PasswordInput {...written} autoComplete="off" /> : <TextInput {...written} autoComplete="off" />
}

function descriptionOf({ description, shape }: Setting): string | undefined {
  const how = { list: t`One on each line.`, pairs: t`One on each line, as name=value.` }[shape as 'list' | 'pairs'] as
    | string
    | undefined
  return [description && sentence(description), how].filter(Boolean).join(' ') || undefined
}

function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`
}
