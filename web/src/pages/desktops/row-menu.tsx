import { Menu } from '@mantine/core'
import {
  IconHistory, IconMessage2, IconPencil, IconPlayerPlay, IconPlayerStop, IconTrash, IconUserShare,
} from '@tabler/icons-react'
import type { Desktop } from '../../api/client'
import { useStart } from '../../api/queries'
import { MoreMenu } from '../../components/more-menu'
import { showProblem } from '../../components/notices'
import { isActive } from '../../components/status'
import type { Asked } from './dialogs'

/** What an administrator can do with one desktop. */
export function RowMenu({ desktop, onAsk }: { desktop: Desktop; onAsk: (asked: Asked) => void }) {
  const start = useStart()
  const ask = (what: Asked['what']) => () => {
    onAsk({ what, desktops: [desktop] })
  }
  const runs = isActive(desktop)
  return (
    <MoreMenu name={`${desktop.name} of ${desktop.owner.username}`}>
      {runs && (
        <Menu.Item leftSection={<IconPlayerStop size={17} aria-hidden="true" />} onClick={ask('stop')}>
          Stop…
        </Menu.Item>
      )}
      {!runs && (
        <Menu.Item
          leftSection={<IconPlayerPlay size={17} aria-hidden="true" />}
          onClick={() => {
            start.mutate(desktop.id, { onError: showProblem })
          }}
        >
          Start again
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconMessage2 size={17} aria-hidden="true" />} onClick={ask('tell')}>
        Message…
      </Menu.Item>
      <Menu.Item leftSection={<IconHistory size={17} aria-hidden="true" />} onClick={ask('history')}>
        What happened
      </Menu.Item>
      <Menu.Item leftSection={<IconPencil size={17} aria-hidden="true" />} onClick={ask('rename')}>
        Rename…
      </Menu.Item>
      <Menu.Item leftSection={<IconUserShare size={17} aria-hidden="true" />} disabled={runs} onClick={ask('transfer')}>
        {runs ? 'Hand over: stop it first' : 'Hand over…'}
      </Menu.Item>
      <Menu.Item color="red" leftSection={<IconTrash size={17} aria-hidden="true" />} onClick={ask('delete')}>
        Delete…
      </Menu.Item>
    </MoreMenu>
  )
}
