import { t } from '@lingui/core/macro'
import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState, type SubmitEvent } from 'react'
import classes from './my-devices.module.css'

type Props = { applications: string[]; onChange: (applications: string[]) => void }

/** Applications that are left out: neither their time is counted nor are they saved. */
export function Excluded({ applications, onChange }: Props) {
  const [typed, setTyped] = useState('')
  const add = (event: SubmitEvent) => {
    event.preventDefault()
    const name = typed.trim().toLowerCase()
    if (name !== '' && !applications.includes(name)) onChange([...applications, name])
    setTyped('')
  }
  return (
    <>
      <form className={classes.add} onSubmit={add}>
        <TextInput
          label={t`Leave an application out`}
          description={t`By the name of its program: nothing is counted or saved of it.`}
          placeholder="keepassxc"
          maxLength={255}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
          }}
        />
        <Button type="submit" variant="default" disabled={typed.trim() === ''}>
          {t`Leave it out`}
        </Button>
      </form>
      {applications.length > 0 && (
        <ul className={classes.excluded} aria-label={t`Left out`}>
          {applications.map((name) => (
            <li key={name}>
              {name}
              <ActionIcon
                variant="subtle"
                color="gray"
                size={24}
                radius="xl"
                aria-label={t`Don’t leave ${name} out any more`}
                onClick={() => {
                  onChange(applications.filter((other) => other !== name))
                }}
              >
                <IconX size={15} aria-hidden="true" />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
