import { Button } from '@mantine/core'
import { IconMessage2, IconPlayerStop, IconTrash, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Desktop } from '../../api/client'
import { isActive } from '../../components/status'
import classes from './desktops.module.css'
import type { Asked } from './dialogs'

type Props = { selected: Desktop[]; onAsk: (asked: Asked) => void; onClear: () => void; children: ReactNode }

/** What can be done with the desktops that are chosen; while none is, what there is to know of all. */
export function BulkBar({ selected, onAsk, onClear, children }: Props) {
  if (selected.length === 0) return <div className={classes.bar}>{children}</div>
  const active = selected.filter(isActive)
  const ask = (what: 'stop' | 'tell' | 'delete', desktops: Desktop[]) => () => {
    onAsk({ what, desktops })
  }
  return (
    <div className={classes.bar} role="toolbar" aria-label="What to do with those chosen">
      <strong>{selected.length} chosen</strong>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlayerStop size={16} aria-hidden="true" />}
        disabled={active.length === 0}
        onClick={ask('stop', active)}
      >
        Stop…
      </Button>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconMessage2 size={16} aria-hidden="true" />}
        onClick={ask('tell', selected)}
      >
        Message…
      </Button>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconTrash size={16} aria-hidden="true" />}
        onClick={ask('delete', selected)}
      >
        Delete…
      </Button>
      <Button
        variant="subtle"
        color="gray"
        size="xs"
        leftSection={<IconX size={16} aria-hidden="true" />}
        onClick={onClear}
      >
        Choose none
      </Button>
    </div>
  )
}
