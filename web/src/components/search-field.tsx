import { t } from '@lingui/core/macro'
import { TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import classes from './search-field.module.css'

type Props = { label: string; placeholder?: string; text: string; onChange: (text: string) => void }

/** The search of a page: the slash key leads to it, Escape empties it. */
export function SearchField({ label, placeholder = t`Search`, text, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null)
  // The address, where a page keeps its search, follows later than the next key may come.
  const [typed, setTyped] = useState<string | null>(null)
  const type = (next: string) => {
    setTyped(next)
    onChange(next)
  }
  useHotkeys([['/', () => input.current?.focus()]])
  return (
    <TextInput
      ref={input}
      className={classes.search}
      type="search"
      aria-label={label}
      aria-keyshortcuts="/"
      placeholder={placeholder}
      leftSection={<IconSearch size={17} aria-hidden="true" />}
      rightSection={
        <kbd className={classes.key} aria-hidden="true">
          /
        </kbd>
      }
      value={typed ?? text}
      onChange={(event) => {
        type(event.currentTarget.value)
      }}
      onBlur={() => {
        setTyped(null)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') type('')
      }}
    />
  )
}
