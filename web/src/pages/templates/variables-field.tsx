import { t } from '@lingui/core/macro'
import { Textarea } from '@mantine/core'
import { useState } from 'react'
import type { FieldsProps } from './editor'
import { readVariables, writeVariables } from './variables'

type Props = {
  first: Record<string, string>
  onChange: FieldsProps['onChange']
  onReadable: (isReadable: boolean) => void
}

/** Variables in its desktops, one on each line. */
export function Variables({ first, onChange, onReadable }: Props) {
  const [text, setText] = useState(() => writeVariables(first))
  const { problem } = readVariables(text)
  return (
    <fieldset>
      <legend>{t`Environment`}</legend>
      <Textarea
        label={t`Variables`}
        description={t`One on each line, as NAME=value. Whoever uses the desktop can read them.`}
        placeholder="COURSE=chemistry 1"
        rows={3}
        spellCheck={false}
        error={problem}
        value={text}
        onChange={(event) => {
          const typed = event.currentTarget.value
          const read = readVariables(typed)
          setText(typed)
          onReadable(read.problem === null)
          if (read.problem === null) onChange({ environment: read.values })
        }}
      />
    </fieldset>
  )
}
