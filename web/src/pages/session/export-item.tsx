import { t } from '@lingui/core/macro'
import { Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { fetchSession, type Session } from '../../api/sessions'
import { saveFile } from '../../components/activity/save-file'
import { showProblem } from '../../components/notices'

/** Takes a session away as a file. */
export function ExportItem({ session }: { session: Session }) {
  return (
    <Menu.Item
      leftSection={<IconDownload size={17} aria-hidden="true" />}
      onClick={() => {
        fetchSession(session).then(saveFile, showProblem)
      }}
    >
      {t`Export as JSON`}
    </Menu.Item>
  )
}
