import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconMessage2, IconPlayerStop, IconTrash, IconX, type Icon } from '@tabler/icons-react'
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
    <div className={classes.bar} role="toolbar" aria-label={t`What to do with those chosen`}>
      <strong>{t`${selected.length} chosen`}</strong>
      <Act what={t`Stop`} Icon={IconPlayerStop} isDisabled={active.length === 0} onClick={ask('stop', active)} />
      <Act what={t`Message`} Icon={IconMessage2} onClick={ask('tell', selected)} />
      <Act what={t`Delete`} Icon={IconTrash} onClick={ask('delete', selected)} />
      <Button
        variant="subtle"
        color="gray"
        size="xs"
        leftSection={<IconX size={16} aria-hidden="true" />}
        onClick={onClear}
      >
        {t`Choose none`}
      </Button>
    </div>
  )
}

type ActProps = { what: string; Icon: Icon; isDisabled?: boolean; onClick: () => void }

function Act({ what, Icon, isDisabled = false, onClick }: ActProps) {
  const icon = <Icon size={16} aria-hidden="true" />
  return (
    <Button variant="default" size="xs" leftSection={icon} disabled={isDisabled} onClick={onClick}>
      {what}…
    </Button>
  )
}
