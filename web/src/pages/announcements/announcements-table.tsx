import { t } from '@lingui/core/macro'
import { VisuallyHidden } from '@mantine/core'
import type { Announcement } from '../../api/announcements'
import table from '../../components/data-table.module.css'
import { EditMenu } from '../../components/edit-menu'
import { zoneName } from '../../components/time'
import { useNow } from '../../components/use-now'
import classes from './announcements.module.css'
import { loudness, stateOf, timesOf, whomFor } from './words'

type Props = {
  announcements: Announcement[]
  onEdit: (announcement: Announcement) => void
  onDelete: (announcement: Announcement) => void
}

/** Each announcement with when it is seen, and by whom. */
export function AnnouncementsTable({ announcements, onEdit, onDelete }: Props) {
  const now = useNow(30_000)
  return (
    <>
      <p className={classes.zone}>{t`Times are those of ${zoneName()}.`}</p>
      <table className={`${table.table} ${classes.announcements}`}>
        <thead>
          <tr>
            <th scope="col">{t`Announcement`}</th>
            <th scope="col">{t`When`}</th>
            <th scope="col">{t`For`}</th>
            <th scope="col">
              <VisuallyHidden>{t`Actions`}</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {announcements.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <span className={classes.text}>{one.text}</span>
                <span className={table.soft}>{loudness()[one.severity]}</span>
              </th>
              <td>
                {stateOf(one, now)}
                <div className={table.soft}>{timesOf(one)}</div>
              </td>
              <td>
                {whomFor(one)}
                {one.is_on_sign_in_page && <div className={table.soft}>{t`also where people sign in`}</div>}
              </td>
              <td>
                <EditMenu
                  name={`“${one.text}”`}
                  onEdit={() => {
                    onEdit(one)
                  }}
                  onDelete={() => {
                    onDelete(one)
                  }}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
