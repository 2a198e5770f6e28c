import { t } from '@lingui/core/macro'
import { Menu, VisuallyHidden } from '@mantine/core'
import { IconDownload, IconTrash } from '@tabler/icons-react'
import { Link } from 'react-router'
import { downloadOf, type Recording } from '../../api/recordings'
import { may } from '../../api/rights'
import table from '../../components/data-table.module.css'
import { MoreMenu } from '../../components/more-menu'
import { RelativeTime } from '../../components/relative-time'
import { useUser } from '../../components/signed-in'
import { Pill } from '../../components/status'
import classes from './recordings.module.css'
import { endOf, lengthOf, sizeWords, timecode } from './words'

type Props = { recordings: Recording[]; onDelete: (recording: Recording) => void }

/** Recordings, newest first: whose, when, how long, and how they ended. */
export function RecordingsTable({ recordings, onDelete }: Props) {
  return (
    <table className={`${table.table} ${classes.table}`}>
      <thead>
        <tr>
          <th scope="col">{t`Desktop`}</th>
          <th scope="col">{t`Used by`}</th>
          <th scope="col">{t`Began`}</th>
          <th scope="col" className={classes.number}>
            {t`Length`}
          </th>
          <th scope="col" className={`${classes.number} ${classes.wide}`}>
            {t`Size`}
          </th>
          <th scope="col" className={classes.wide}>
            {t`State`}
          </th>
          <th scope="col">
            <VisuallyHidden>{t`Actions`}</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {recordings.map((recording) => (
          <Row key={recording.id} recording={recording} onDelete={onDelete} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ recording, onDelete }: { recording: Recording; onDelete: Props['onDelete'] }) {
  const { id, desktop, owner, viewer, began_at, bytes } = recording
  const length = lengthOf(recording)
  const mayDelete = may(useUser(), 'recordings:write', 'group')
  return (
    <tr>
      <th scope="row">
        <Link to={`/recordings/${id}`}>{desktop.name}</Link>
      </th>
      <td>
        {viewer.username}
        {viewer.id !== owner.id && <span className={table.soft}>{t` at ${owner.username}’s`}</span>}
      </td>
      <td>
        <RelativeTime at={began_at} />
      </td>
      <td className={classes.number}>{length === null ? t`goes on` : timecode(length)}</td>
      <td className={`${classes.number} ${classes.wide}`}>{sizeWords(bytes)}</td>
      <td className={classes.wide}>
        <Pill {...endOf(recording)} />
      </td>
      <td className={classes.actions}>
        <MoreMenu name={t`the recording of ${desktop.name}`}>
          <Menu.Item component="a" href={downloadOf(id)} download leftSection={<IconDownload size={17} aria-hidden="true" />}>
            {t`Download`}
          </Menu.Item>
          {mayDelete && (
            <Menu.Item
              color="red"
              disabled={length === null}
              leftSection={<IconTrash size={17} aria-hidden="true" />}
              onClick={() => {
                onDelete(recording)
              }}
            >
              {t`Delete…`}
            </Menu.Item>
          )}
        </MoreMenu>
      </td>
    </tr>
  )
}
