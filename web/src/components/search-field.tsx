import { TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useRef } from 'react'
import classes from './search-field.module.css'

type Props = { label: string; placeholder?: string; text: string; onChange: (text: string) => void }

/** The search of a page: the slash key leads to it, Escape empties it. */
export function SearchField({ label, placeholder = 'Search', text, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null)
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
      value={text}
      onChange={(event) => {
        onChange(event.currentTarget.value)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onChange('')
      }}
    />
  )
}
