import { t } from '@lingui/core/macro'
import { Menu } from '@mantine/core'
import {
  IconClockPlus, IconHistory, IconMessage2, IconPencil, IconPlayerPlay, IconPlayerStop, IconTrash, IconUserShare,
} from '@tabler/icons-react'
import type { Desktop } from '../../api/client'
import { useStart } from '../../api/queries'
import { isExtendable } from '../../components/later-ends'
import { MoreMenu } from '../../components/more-menu'
import { showProblem } from '../../components/notices'
import { isActive } from '../../components/status'
import type { Asked } from './dialogs'

type Props = { desktop: Desktop; mayChange: boolean; onAsk: (asked: Asked) => void }
type ItemsProps = { desktop: Desktop; ask: (what: Asked['what']) => () => void }

/** What somebody can do with one desktop who reaches it, be it only to see it. */
export function RowMenu({ desktop, mayChange, onAsk }: Props) {
  const ask = (what: Asked['what']) => () => {
    onAsk({ what, desktops: [desktop] })
  }
  return (
    <MoreMenu name={t`${desktop.name} of ${desktop.owner.username}`}>
      {mayChange && <Everyday desktop={desktop} ask={ask} />}
      <Menu.Item leftSection={<IconHistory size={17} aria-hidden="true" />} onClick={ask('history')}>
        {t`What happened`}
      </Menu.Item>
      {mayChange && <Lasting desktop={desktop} ask={ask} />}
    </MoreMenu>
  )
}

function Everyday({ desktop, ask }: ItemsProps) {
  const start = useStart()
  return (
    <>
      {isActive(desktop) ? (
        <Menu.Item leftSection={<IconPlayerStop size={17} aria-hidden="true" />} onClick={ask('stop')}>
          {t`Stop…`}
        </Menu.Item>
      ) : (
        <Menu.Item
          leftSection={<IconPlayerPlay size={17} aria-hidden="true" />}
          onClick={() => {
            start.mutate(desktop.id, { onError: showProblem })
          }}
        >
          {t`Start again`}
        </Menu.Item>
      )}
      {isExtendable(desktop) && (
        <Menu.Item leftSection={<IconClockPlus size={17} aria-hidden="true" />} onClick={ask('extend')}>
          {t`Extend…`}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconMessage2 size={17} aria-hidden="true" />} onClick={ask('tell')}>
        {t`Message…`}
      </Menu.Item>
    </>
  )
}

function Lasting({ desktop, ask }: ItemsProps) {
  const runs = isActive(desktop)
  return (
    <>
      <Menu.Item leftSection={<IconPencil size={17} aria-hidden="true" />} onClick={ask('rename')}>
        {t`Rename…`}
      </Menu.Item>
      <Menu.Item leftSection={<IconUserShare size={17} aria-hidden="true" />} disabled={runs} onClick={ask('transfer')}>
        {runs ? t`Hand over: stop it first` : t`Hand over…`}
      </Menu.Item>
      <Menu.Item color="red" leftSection={<IconTrash size={17} aria-hidden="true" />} onClick={ask('delete')}>
        {t`Delete…`}
      </Menu.Item>
    </>
  )
}
