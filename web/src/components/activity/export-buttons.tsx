import { t } from '@lingui/core/macro'
import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { fetchReport, type HoursQuestion } from '../../api/activity'
import { showProblem } from '../notices'
import { saveFile } from './save-file'

type Choice = { name: string; question: HoursQuestion }

/** Saves one of some reports as CSV. */
export function ExportMenu({ choices }: { choices: Choice[] }) {
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={17} aria-hidden="true" />}>
          {t`Export CSV`}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(({ name, question }) => (
          <Menu.Item
            key={name}
            onClick={() => {
              exportReport(question, 'csv')
            }}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

export function exportReport(question: HoursQuestion, kind: 'csv' | 'json'): void {
  fetchReport(question, kind).then(saveFile, showProblem)
}
