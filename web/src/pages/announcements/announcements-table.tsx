import { Menu } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import type { Announcement } from '../../api/announcements'
import table from '../../components/data-table.module.css'
import { MoreMenu } from '../../components/more-menu'
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
      <p className={classes.zone}>Times are those of {zoneName()}.</p>
      <table className={`${table.table} ${classes.announcements}`}>
        <thead>
          <tr>
            <th scope="col">Announcement</th>
            <th scope="col">When</th>
            <th scope="col">For</th>
            <th scope="col">
              <span className={classes.unseen}>Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {announcements.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <span className={classes.text}>{one.text}</span>
                <span className={table.soft}>{loudness[one.severity]}</span>
              </th>
              <td>
                {stateOf(one, now)}
                <div className={table.soft}>{timesOf(one)}</div>
              </td>
              <td>
                {whomFor(one)}
                {one.is_on_sign_in_page && <div className={table.soft}>also where people sign in</div>}
              </td>
              <td>
                <MoreMenu name={`“${one.text}”`}>
                  <Menu.Item
                    leftSection={<IconPencil size={17} aria-hidden="true" />}
                    onClick={() => {
                      onEdit(one)
                    }}
                  >
                    Edit…
                  </Menu.Item>
                  <Menu.Item
                    leftSection={<IconTrash size={17} aria-hidden="true" />}
                    onClick={() => {
                      onDelete(one)
                    }}
                  >
                    Take away
                  </Menu.Item>
                </MoreMenu>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
