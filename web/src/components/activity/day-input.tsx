import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { isDay } from './dates'

type Props = { label: string; day: string; onChange: (day: string) => void }

/** A day. What is typed counts as soon as it is one; half a year is not yet. */
export function DayInput({ label, day, onChange }: Props) {
  const [typed, setTyped] = useState(day)
  const [known, setKnown] = useState(day)
  if (known !== day) {
    setKnown(day)
    setTyped(day)
  }
  return (
    <TextInput
      type="date"
      label={label}
      required
      withAsterisk={false}
      value={typed}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value)
        if (isDay(value)) onChange(value)
      }}
      onBlur={() => {
        setTyped(day)
      }}
    />
  )
}
