import { t } from '@lingui/core/macro'
import { UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconKeyboard } from '@tabler/icons-react'
import { useRef } from 'react'
import { keysyms, typeDifference, type Keyboard } from './keys'
import classes from './screen.module.css'

/** What the field holds from the start, so that there is something for a backspace to take. */
const cushion = '\u00a0'.repeat(20)

/** Brings up the keyboard of a phone or tablet and types on the desktop what is typed on it. */
export function TouchKeyboard({ keyboard }: { keyboard: Keyboard }) {
  const isTouch = useMediaQuery('(pointer: coarse)')
  const field = useRef<HTMLTextAreaElement>(null)
  const typed = useRef(cushion)
  if (!isTouch) return null
  const reset = () => {
    typed.current = cushion
    if (field.current) field.current.value = cushion
  }
  return (
    <>
      <UnstyledButton
        className={`${classes.handle} ${classes.keyboardHandle}`}
        aria-label={t`Keyboard`}
        onClick={() => {
          reset()
          field.current?.focus()
        }}
      >
        <IconKeyboard size={20} stroke={1.8} aria-hidden="true" />
      </UnstyledButton>
      <textarea
        ref={field}
        className={classes.typing}
        aria-label={t`Type on the desktop`}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        defaultValue={cushion}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          keyboard.sendKey(keysyms.enter, 'Enter')
          reset()
        }}
        onInput={(event) => {
          typeDifference(keyboard, typed.current, event.currentTarget.value)
          typed.current = event.currentTarget.value
          if (typed.current.length === 0) reset()
        }}
      />
    </>
  )
}
