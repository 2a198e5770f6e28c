import { t } from '@lingui/core/macro'
import { Button, Checkbox, TextInput } from '@mantine/core'
import '@mantine/core/styles/InlineInput.layer.css'
import '@mantine/core/styles/Checkbox.layer.css'
import { messageOf } from '../api/problem'
import classes from './choice.module.css'

export type Props<One> = {
  label: string
  what: string
  none: string
  search: string
  onSearch: (search: string) => void
  found: One[]
  error: Error | null
  chosen: One[]
  nameOf: (one: One) => string
  onChange: (chosen: One[]) => void
}

/** Things to be searched and ticked; those that are ticked stay on top, whatever is searched next. */
export function Choice<One extends { id: number }>({ chosen, found, nameOf, onChange, ...texts }: Props<One>) {
  const isChosen = ({ id }: One) => chosen.some((one) => one.id === id)
  const others = found.filter((one) => !isChosen(one))
  const toggle = (one: One) => {
    onChange(isChosen(one) ? chosen.filter(({ id }) => id !== one.id) : [...chosen, one])
  }
  return (
    <>
      <TextInput
        label={texts.label}
        type="search"
        placeholder={t`Search by name`}
        autoComplete="off"
        data-autofocus
        value={texts.search}
        onChange={(event) => {
          texts.onSearch(event.currentTarget.value)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.preventDefault()
        }}
      />
      {texts.error && <p role="alert">{messageOf(texts.error)}</p>}
      <ul className={classes.listed} aria-label={texts.what}>
        {[...chosen, ...others].map((one) => (
          <li key={one.id}>
            <Checkbox
              label={nameOf(one)}
              checked={isChosen(one)}
              onChange={() => {
                toggle(one)
              }}
            />
          </li>
        ))}
        {chosen.length + others.length === 0 && <li>{texts.none}</li>}
      </ul>
      {others.length > 1 && (
        <Button
          variant="subtle"
          className={classes.all ?? ''}
          onClick={() => {
            onChange([...chosen, ...others])
          }}
        >
          {t`Choose these ${others.length}`}
        </Button>
      )}
    </>
  )
}
