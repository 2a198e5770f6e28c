import { t } from '@lingui/core/macro'
import { ActionIcon, Button } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { showDone, showProblem } from '../../components/notices'
import { Panel } from '../../components/panel'
import classes from './group.module.css'

type Props = {
  title: string
  /** What is said where the list is empty. */
  none: string | null
  /** The word on the button that adds something; null: who looks may not. */
  add: string | null
  dialog: (onClose: () => void) => ReactNode
  children: ReactNode
}

/** What belongs to a group, and a dialog that adds to it. */
export function ListPanel({ title, none, add, dialog, children }: Props) {
  const [isAdding, setIsAdding] = useState(false)
  return (
    <Panel title={title}>
      {none && <p className={classes.soft}>{none}</p>}
      <ul className={classes.nested}>{children}</ul>
      {add && (
        <Button
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden="true" />}
          onClick={() => {
            setIsAdding(true)
          }}
        >
          {add}
        </Button>
      )}
      {isAdding &&
        dialog(() => {
          setIsAdding(false)
        })}
    </Panel>
  )
}

type Taking = { label: string; done: string; put: (isThere: boolean) => Promise<unknown> }

/** Takes something out of such a list, with a way back. */
export function TakeButton({ label, done, put }: Taking) {
  const undo = () => {
    put(true).catch(showProblem)
  }
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={label}
      onClick={() => {
        put(false).then(() => {
          showDone(done, { label: t`Undo`, run: undo })
        }, showProblem)
      }}
    >
      <IconX size={17} aria-hidden="true" />
    </ActionIcon>
  )
}
