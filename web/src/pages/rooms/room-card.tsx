import { plural, t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Menu } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { Counts, Room } from '../../api/rooms'
import cards from '../../components/cards.module.css'
import { MoreMenu } from '../../components/more-menu'
import { OccupancyBar } from '../../components/occupancy-bar'
import { seatLooks, seatStates } from '../../components/seat-state'
import { percent, taken, total } from '../../components/room-counts'
import classes from './rooms.module.css'

type Props = { room: Room; counts: Counts; onEdit: () => void; onDelete: () => void }

export function RoomCard({ room, counts, onEdit, onDelete }: Props) {
  return (
    <article className={`${cards.card} ${classes.card}`} aria-label={room.name}>
      <div className={cards.heading}>
        <h2 title={room.name}>
          <Link to={`/rooms/${room.id}`}>{room.name}</Link>
        </h2>
        <div className={classes.menu}>
          <MoreMenu name={room.name}>
            <Menu.Item leftSection={<IconPencil size={17} aria-hidden="true" />} onClick={onEdit}>
              {t`Edit…`}
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash size={17} aria-hidden="true" />} onClick={onDelete}>
              {t`Delete…`}
            </Menu.Item>
          </MoreMenu>
        </div>
      </div>
      <p className={classes.share}>
        <Trans><strong>{percent(taken(counts), total(counts))}</strong> taken, {taken(counts)} of {seats(total(counts))}</Trans>
      </p>
      <OccupancyBar counts={counts} />
      <ul className={classes.counts}>
        {seatStates().map((state) => (
          <Count key={state} {...seatLooks()[state]} count={counts[state] ?? 0} />
        ))}
      </ul>
    </article>
  )
}

function seats(count: number): string {
  return plural(count, { one: '# computer', other: '# computers' })
}

function Count({ Icon, tone, word, count }: (ReturnType<typeof seatLooks>)['free'] & { count: number }) {
  return (
    <li className={tone}>
      <Icon size={13} stroke={2.6} aria-hidden="true" />
      {count} {word.toLowerCase()}
    </li>
  )
}
